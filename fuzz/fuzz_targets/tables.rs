//! A sound file whose tables are changed as the input says: opening, reading, checking and writing hear of damage at most.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;
use tracestore::model::{Op, Query};
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::store::backend::Backend;
use tracestore::store::options::Options;
use tracestore_fuzz::tables::{Choices, examine, mutate};
use tracestore_fuzz::{MEMORY, seeded};

/// A folder that stays for as long as the process, with the bytes of a sound file.
static SOUND: LazyLock<(TempDir, Vec<u8>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = folder.path().join("sound.db");
    let options = Options { path: path.clone(), memory: false, ..Options::parse(MEMORY).unwrap() };
    let file = SqliteBackend::prepare(&options).unwrap();
    let mut writer = SqliteBackend::new(options, file).open_writer(Duration::from_secs(1)).unwrap();
    seeded(writer.as_mut());
    writer.close();
    drop(writer);
    let bytes = std::fs::read(path).unwrap();
    (folder, bytes)
});

fuzz_target!(|data: &[u8]| {
    let path = place();
    std::fs::write(&path, &SOUND.1).unwrap();
    mutate(&path, &mut Choices(data));
    let ask = |text: &str| Query::parse(text).unwrap();
    let queries = [
        ask(r#"{"query":"getTrace","traceId":"t"}"#),
        ask(r#"{"query":"getSpans","traceId":"t"}"#),
        ask(r#"{"query":"getSession","sessionId":"s"}"#),
        ask(r#"{"query":"listTraces","limit":1}"#),
        ask(r#"{"query":"listTraces","limit":9,"where":[{"field":"tags","op":"all","value":["x","y"]}]}"#),
        ask(r#"{"query":"listSessions","limit":9}"#),
        ask(r#"{"query":"info"}"#),
    ];
    let write = |code, text: &str| Op::parse(code, text.as_bytes()).unwrap();
    let writes = [
        write(8, r#"{"traceId":"t","tags":["z"]}"#),
        write(2, r#"{"traceId":"t","now":1704067250000,"result":{"status":"failed","metadata":{"a":1}}}"#),
        write(
            3,
            r#"{"traceId":"t","spanId":"1","kind":"llm","name":"n","status":"ok","startedAt":"2024-01-01T00:00:00.000Z","durationMs":2}"#,
        ),
    ];
    examine(&path, &queries, &writes);
});

/// Nothing is left beside it of the round before.
fn place() -> PathBuf {
    let path = SOUND.0.path().join("traces.db");
    for left in ["traces.db", "traces.db-wal", "traces.db-shm"] {
        let _ = std::fs::remove_file(SOUND.0.path().join(left));
    }
    path
}
