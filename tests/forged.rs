//! Content that somebody forged, down to its checks: refused as `CORRUPT` without its words, and for little memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

#[path = "support/allocated.rs"]
mod allocated;
mod support;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use support::accounts::verify;
use support::operations::{op, query, span, start};
use support::{apply, sqlite, write};
use tracestore::content::{PieceHash, checksum};
use tracestore::error::Code;
use tracestore::sqlite::file::checked;

const PATIENCE: Duration = Duration::from_secs(5);
/// Far below what the forged sizes claim, and above all that these small stores need.
const LITTLE: usize = 32 << 20;

/// Forges the content of a store with a trace and a span, or two that share a piece.
struct Forgery<'a>(&'a Connection);

impl Forgery<'_> {
    fn number(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The entry of the first span's manifest.
    fn manifest(&self) -> i64 {
        self.number("select min(body) from span")
    }

    /// The entry of the only piece that spans brought.
    fn piece(&self) -> i64 {
        self.number("select id from fresh where id not in (select body from span)")
    }

    fn set(&self, entry: i64, data: &[u8]) {
        assert_eq!(self.0.execute("update fresh set data = ?2 where id = ?1", (entry, data)).unwrap(), 1);
    }

    /// Gives the piece another text, with the hash that this one has.
    fn set_piece(&self, text: &str) {
        self.set(self.piece(), text.as_bytes());
        let changed =
            self.0.execute("update piece_hash set hash = ?2 where piece = ?1", (self.piece(), PieceHash::of(text).0));
        assert_eq!(changed.unwrap(), 1);
    }

    /// Gives the first span this manifest: the literal text with the piece at each of these places, and the check that
    /// belongs to it.
    fn set_manifest(&self, literal: &str, holes: &[usize], piece_text: &str) {
        let mut filling = Vec::new();
        for at in holes {
            filling.extend_from_slice(&(*at as u64).to_le_bytes());
            filling.extend_from_slice(&PieceHash::of(piece_text).0);
        }
        let mut bytes = checksum(checksum(0, literal.as_bytes()), &filling).to_le_bytes().to_vec();
        put(&mut bytes, holes.len() as u64);
        let (mut before, mut step) = (0, u64::try_from(self.piece()).unwrap() * 2);
        for at in holes {
            put(&mut bytes, (at - before) as u64);
            put(&mut bytes, step);
            (before, step) = (*at, 0);
        }
        bytes.extend_from_slice(literal.as_bytes());
        self.set(self.manifest(), &bytes);
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
}

fn long() -> String {
    Value::from("m".repeat(400)).to_string()
}

/// A frame of zstd that unpacks to so many zeros: four bytes for each 128 KiB of them.
fn bomb(bytes: u64) -> Vec<u8> {
    const STEP: u64 = 128 << 10;
    let mut frame = vec![1, 0x28, 0xb5, 0x2f, 0xfd, 0b1110_0000];
    frame.extend_from_slice(&bytes.to_le_bytes());
    for at in 0..bytes / STEP {
        let is_last = u64::from(at + 1 == bytes / STEP);
        let header = is_last | 1 << 1 | STEP << 3;
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

/// What everybody hears who reads or rewrites the document that was forged.
fn heard(name: &str, forge: impl Fn(&Forgery<'_>)) {
    heard_of(name, 1, forge);
}

fn heard_of(name: &str, spans: usize, forge: impl Fn(&Forgery<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let input = |n: u8| json!({"n": n, "text": "m".repeat(400)});
    let ops = [start("t", 1), span("t", "s", 1, &input(1)), span("t", "u", 2, &input(2))];
    write(sqlite(Some(&path)).open_writer(PATIENCE).unwrap().as_mut(), &ops[..=spans]);
    let connection = checked::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    forge(&Forgery(&connection));
    drop(connection);
    let mut said = Vec::new();
    for read in ["getSpans", "getTrace"] {
        let asked = sqlite(Some(&path)).open_reader().unwrap().answer(&query(&json!({"query": read, "traceId": "t"})));
        said.extend(asked.err());
    }
    let report = verify(&sqlite(Some(&path))).unwrap();
    assert!(report.problem_count > 0, "{name}");
    let end = op(
        2,
        &json!({"traceId": "t", "now": 1_704_067_250_000_u64, "result": {"status": "completed", "metadata": {"a": 1}}}),
    );
    let mut writer = sqlite(Some(&path)).open_writer(PATIENCE).unwrap();
    said.extend(apply(writer.as_mut(), &[end, span("t", "s", 4, &json!(1))]).into_iter().filter_map(Result::err));
    assert!(!said.is_empty(), "{name}: nobody noticed");
    for error in said {
        assert_eq!(error.code, Code::Corrupt, "{name}: {error}");
        assert!(!error.message.contains("secret"), "{name}: {error}");
    }
    let quoted = report.problems.iter().find(|problem| problem.message.contains("secret"));
    assert!(quoted.is_none(), "{name}: {quoted:?}");
    assert!(allocated::largest() < LITTLE, "{name}: {} bytes", allocated::largest());
    assert!(Path::new(&path).metadata().unwrap().len() < 2 << 20, "{name} is no small file");
}

#[test]
fn a_piece_that_is_no_json_value_reaches_into_nothing() {
    for text in [
        "secret",
        "\"secret",
        "1],\"docs\":[[{},[0,{}]]],\"secret\":[0",
        "]",
        "{}}",
        "[secret",
        "",
        " 1",
        &("[".repeat(100_000) + &"]".repeat(100_000)),
        &("[".repeat(1002) + &"]".repeat(1002)),
    ] {
        heard(text.get(..20).unwrap_or(text), |forgery| {
            forgery.set_piece(text);
            forgery.set_manifest(r#"{"input":{"n":1,"text":}}"#, &[23], text);
        });
    }
}

#[test]
fn a_manifest_that_is_no_object_is_no_document() {
    for (literal, holes) in [
        ("", &[0][..]),
        ("[]", &[1]),
        ("null", &[]),
        ("secret", &[]),
        ("{\"secret", &[]),
        ("{}{}", &[]),
        ("{\"a\":}", &[]),
        ("{\"a\":1", &[]),
    ] {
        heard(literal, |forgery| forgery.set_manifest(literal, holes, &long()));
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    heard("deep", |forgery| forgery.set_manifest(&deep, &[], &long()));
}

#[test]
fn a_piece_that_is_referred_to_again_and_again_is_counted_each_time() {
    let text = Value::from("x".repeat(200_000)).to_string();
    let count = 6000;
    let literal = format!("{{\"a\":[{}]}}", ",".repeat(count - 1));
    let holes: Vec<usize> = (0..count).map(|at| 6 + at).collect();
    heard("many", |forgery| {
        forgery.set_piece(&text);
        forgery.set_manifest(&literal, &holes, &text);
    });
}

#[test]
fn documents_with_one_manifest_are_no_documents() {
    heard_of("one manifest", 2, |forgery| {
        forgery.0.execute("update span set body = (select min(body) from span)", []).unwrap();
    });
}

#[test]
fn what_claims_to_unpack_to_more_than_can_be_is_not_unpacked() {
    for bytes in [64 << 20, 1 << 30, 1_800 << 20] {
        heard("alone", |forgery| {
            forgery.0.execute("update alone set data = ?1", [bomb(bytes)]).unwrap();
        });
        heard("block", |forgery| {
            let manifest = forgery.manifest();
            forgery.0.execute("delete from fresh where id = ?1", [manifest]).unwrap();
            let block = (manifest, manifest, bomb(bytes));
            forgery.0.execute("insert into block (id, first, last, data) values (1, ?1, ?2, ?3)", block).unwrap();
            forgery.0.execute("insert into block_run values (?1, ?1, 1)", [manifest]).unwrap();
        });
    }
    // Sound to its last byte, but for its size.
    assert!(zstd::bulk::decompress(&bomb(1 << 20)[1..], 1 << 20).unwrap() == vec![0; 1 << 20]);
}
