//! Any bytes as an operation: refused with a code, or read into columns and a body that can be shown and changed.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tracestore::error::Code;
use tracestore::json::Key;
use tracestore::model::Op;
use tracestore::model::body::Body;
use tracestore::model::writer_process::WriterProcess;
use tracestore::wire::{Tables, frame};
use tracestore_fuzz::is_json;

fuzz_target!(|data: &[u8]| -> Corpus {
    let batch = Tables::default().enter(data, 0);
    assert_eq!(batch.texts().count(), batch.len());
    let Some((&code, text)) = data.split_first() else { return Corpus::Reject };
    match Op::parse(code, text) {
        Ok(read) => check(&read, std::str::from_utf8(text).unwrap()),
        Err(error) if (1..=9).contains(&code) => assert_eq!(error.code, Code::InvalidArgument, "{error}"),
        Err(_) => {}
    }
    let text = String::from_utf8_lossy(text);
    let framed = Tables::default().enter(&frame(code, &text), 0);
    assert!(framed.texts().all(|op| text.contains(['\u{1}', '\u{2}', '\u{3}', '\u{4}']) || op.unwrap().text == text.as_bytes()));
    Corpus::Keep
});

fn check(read: &Op, text: &str) {
    match read {
        Op::StartTrace(start) => {
            let trace = &start.trace;
            header(&serde_json::to_string(&trace.header(WriterProcess::Alive)).unwrap());
            body(&trace.body, text);
        }
        Op::AddSpan(span) | Op::AddStep(span) => {
            header(&serde_json::to_string(&span.header(WriterProcess::Alive)).unwrap());
            body(&span.body, text);
        }
        Op::UpsertSession(session) => {
            header(&serde_json::to_string(&session.header()).unwrap());
            body(&session.body, text);
        }
        Op::Batch(items) => items.iter().for_each(|item| check(&item.op, text)),
        Op::EnsureConfigSnapshot(snapshot) => {
            header(&serde_json::to_string(&snapshot.header()).unwrap());
            body(&snapshot.body, text);
        }
        Op::EnsureTrace(told) => body(&told.body, text),
        Op::SaySpanWord(word) => fields(&word.fields, text),
        Op::EndTrace(end) => fields(&end.fields, text),
        Op::ChangeTrace(change) => fields(&change.fields, text),
        Op::AddScore(score) => body(&score.body, text),
        Op::AddAnnotation(annotation) => body(&annotation.body, text),
        Op::IfVersion(conditional) => check(&conditional.op, text),
        _ => {}
    }
}

fn header(text: &str) {
    assert!(is_json(text), "header {text}");
}

/// What is left over is an object that can be taken apart again, valid if the whole was.
fn body(body: &str, whole: &str) {
    assert_eq!(Body::parse(body).unwrap().to_text(), body);
    assert!(is_json(body) || !is_json(whole), "{body}");
}

/// A change by these fields leaves a body that can be changed again.
fn fields(fields: &[(Key<'static>, String)], whole: &str) {
    let mut body = Body::parse(r#"{"scores":{"a":1},"metadata":{"b":[]},"c":0}"#).unwrap();
    for (key, value) in fields {
        body.set(key, value);
        if body.merge(&Key::named("metadata"), value).is_err() {
            assert!(!is_json(whole), "can't merge {value}");
        }
    }
    let text = body.to_text();
    assert!(is_json(&text) || !is_json(whole), "{text}");
    if is_json(whole) {
        assert_eq!(Body::parse(&text).unwrap(), body);
    }
}
