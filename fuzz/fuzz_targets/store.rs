//! Any batches against a store in memory: each operation fails alone or is there, and everything can be read as JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use tracestore::error::Code;
use tracestore::model::Query;
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::{Backend, Writer};
use tracestore::store::commit::commit;
use tracestore::store::options::Options;
use tracestore::store::queue::Batch;
use tracestore::wire::frame;
use tracestore_fuzz::{MEMORY, is_json};

const PATIENCE: Duration = Duration::from_secs(1);

// One operation per line, its code first.
fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let backend = SqliteBackend::new(Options::parse(MEMORY).unwrap(), None);
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    let lines: Vec<&str> = text.split('\n').filter(|line| line.is_char_boundary(1) && line.len() > 1).collect();
    let valid = lines.iter().all(|line| is_json(&line[1..]));
    let frames: Vec<u8> =
        lines.iter().flat_map(|line| frame(line.as_bytes()[0].wrapping_sub(b'0'), &line[1..])).collect();
    let batch = Batch::only(&frames);
    for (_, error) in commit(writer.as_mut(), &[batch], PATIENCE).into_iter().flat_map(|batch| batch.failures) {
        let clear = [Code::InvalidArgument, Code::NotFound, Code::AlreadyExists];
        // What is no JSON inside looks like damage to whoever changes it later.
        let is_clear = clear.contains(&error.code) || (!valid && error.code == Code::Corrupt);
        assert!(is_clear || error.message.starts_with("unknown operation code"), "{error}");
    }
    if valid {
        read_all(writer.as_mut());
    }
});

fn read_all(writer: &mut dyn Writer) {
    let mut ask = |query: &str| {
        let text = writer.answer(&Query::parse(query).unwrap()).unwrap().into_parts(usize::MAX).concat();
        assert!(is_json(&text), "{query}: {text}");
    };
    ask(r#"{"query":"listTraces","limit":1000}"#);
    ask(r#"{"query":"listSessions","limit":1000}"#);
    for id in ["t", "u"] {
        for (query, key) in [
            ("getTrace", "traceId"),
            ("getSpans", "traceId"),
            ("getSession", "sessionId"),
            ("getConfigSnapshot", "snapshotId"),
        ] {
            ask(&format!(r#"{{"query":"{query}","{key}":"{id}"}}"#));
        }
    }
}
