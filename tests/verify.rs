//! The check of a whole store finds every kind of damage, names it, and finds nothing where nothing is wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

use rusqlite::OpenFlags;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use support::accounts::{patient, report, verify, verify_told};
use support::memory::Memory;
use support::operations::{op, span, span_text, start, time};
use support::{sqlite, write};
use tracestore::error::{Code, Error};
use tracestore::model::job::{Area, Progress, Report};
use tracestore::model::{Job, Op};
use tracestore::sqlite::file::checked;
use tracestore::store::backend::{Backend, JobListener};

const PATIENCE: Duration = Duration::from_secs(5);
const PAGE: usize = 4096;

/// Traces "t0" to "t2" that share texts, one that only has a span, a session and a config snapshot.
fn ops() -> Vec<Op> {
    let shared = json!([{"role": "user", "content": "shared ".repeat(80)}]);
    let mut ops = Vec::new();
    for n in 0_u8..3 {
        let id = format!("t{n}");
        ops.push(start(&id, n));
        ops.push(op(8, &json!({"traceId": id, "tags": ["all", id]})));
        for m in 0..8 {
            let own = json!({"role": "tool", "content": format!("{n} {m} ").repeat(100)});
            ops.push(span(&id, &format!("s{m}"), m, &json!([shared, own])));
        }
    }
    let mut child = span_text("unstarted", "s", 1, &shared);
    child["parentSpanId"] = json!("later");
    ops.push(op(3, &child));
    ops.push(op(
        5,
        &json!({"sessionId": "c", "userId": 1, "auditingId": 1, "createdAt": time(0), "updatedAt": time(1),
        "traceCount": 0, "tags": ["all"], "metadata": {"m": "session ".repeat(60)}}),
    ));
    ops.push(op(
        6,
        &json!({"snapshotId": "g", "agentName": "a", "agentVersion": "1", "model": "m", "modelParams": {},
        "prompts": {"p": "prompt ".repeat(60)}, "tags": [], "createdAt": time(0)}),
    ));
    ops
}

/// A closed store; alone in its folder.
fn store(folder: &Path) -> PathBuf {
    let path = folder.join("traces.db");
    write(sqlite(Some(&path)).open_writer(PATIENCE).unwrap().as_mut(), &ops());
    path
}

fn pack(path: &Path) {
    let mut writer = sqlite(Some(path)).open_writer(PATIENCE).unwrap();
    // It looks for what to pack once it has written.
    write(writer.as_mut(), &[]);
    writer.close();
}

/// What is found after these statements.
fn found_after(statements: &str, packed: bool) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    if packed {
        pack(&path);
    }
    let connection = checked::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    connection.execute_batch(statements).unwrap();
    drop(connection);
    verify(&sqlite(Some(&path))).unwrap()
}

#[test]
fn nothing_is_found_in_a_sound_store_and_all_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    let memory = sqlite(None);
    let mut writer = memory.open_writer(PATIENCE).unwrap();
    write(writer.as_mut(), &ops());
    let in_memory = report(writer.perform(&Job::Verify, &patient())).unwrap();
    let in_file = verify(&sqlite(Some(&path))).unwrap();
    assert_eq!(in_memory, in_file);
    pack(&path);
    assert_eq!(verify(&sqlite(Some(&path))).unwrap(), in_file, "packed");
    assert_eq!((in_file.problem_count, in_file.problems.len()), (0, 0), "{:?}", in_file.problems);
    let counts = &in_file.counts;
    assert_eq!((counts.traces, counts.spans, counts.sessions, counts.config_snapshots), (4, 25, 1, 1));
    assert!(counts.pieces > 20, "{counts:?}");
}

#[test]
fn progress_counts_every_row_of_every_walk_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    for _ in 0..2 {
        let (_, told) = verify_told(&sqlite(Some(&path))).unwrap();
        let [first, .., last_but_one, last] = &told[..] else { panic!("little is told: {told:?}") };
        // Nothing was there that had not been counted; and of what had been, one row was left for the end.
        assert_eq!((first.done, first.total), (0, last.total));
        assert_eq!(last_but_one.done + 1, last.total);
        let rises = told.windows(2).map(|step| step[1].done - step[0].done);
        assert!(rises.max().unwrap() <= 64, "{told:?}");
        pack(&path);
    }
}

const LAST_ENTRY: &str = "state says that entry 1 was given out last, and there is entry";

/// A statement, and the area and a part of the message of a problem that it makes.
const DAMAGES: &[(&str, Area, &str)] = &[
    ("delete from fresh where id = 2", Area::Documents, r#"span "s0" of trace "t0": piece 2: entry 2 is missing"#),
    ("delete from fresh where id = 2", Area::Pieces, "hashes lead to"),
    (
        "update fresh set data = (select data from fresh where id = 5) where id = 2",
        Area::Documents,
        "does not match its check",
    ),
    ("update fresh set data = x'0241' where id = 2", Area::Pieces, "entries match no hash"),
    ("delete from piece_hash where piece = 2", Area::Pieces, "entries match no hash"),
    ("insert into piece_hash values (zeroblob(20), 999, 4, 1, 1)", Area::Pieces, "hashes lead to"),
    ("insert into fresh values (999, 1, x'0041')", Area::Pieces, "entries match no hash"),
    ("update alone set data = x'0241'", Area::Pieces, "a blob has an unknown form"),
    (
        "update alone set data = (select data from alone where id = 58) where id = 56",
        Area::Pieces,
        "entries match no hash",
    ),
    ("delete from piece_owner where piece = 2", Area::Owners, r#"trace "t1" uses piece 2 and does not own it"#),
    (
        "update piece_hash set owner = 4 * 999 where piece = 2",
        Area::Owners,
        r#"trace "t0" uses piece 2 and does not own it"#,
    ),
    (
        "insert into piece_owner select piece, owner, uses, first from piece_hash where piece = 2",
        Area::Owners,
        r#"trace "t0" is counted twice for piece 2"#,
    ),
    (
        "insert into piece_owner select 3, id * 4, 1, null from trace where trace_id = 't2'",
        Area::Owners,
        r#"trace "t2" owns piece 3, which none"#,
    ),
    (
        "insert into piece_owner select 2, id * 4 + 1, 1, null from session",
        Area::Owners,
        r#"session "c" owns piece 2, which none"#,
    ),
    ("update piece_hash set owner = 4 where owner & 3 = 1", Area::Owners, r#"session "c" uses piece"#),
    ("update piece_hash set owner = 4 where owner & 3 = 2", Area::Owners, r#"config snapshot "g" uses piece"#),
    (
        "insert into piece_owner values (2, 4 * 999, 1, null)",
        Area::Owners,
        "piece 2 is owned by owner 3996, which is not there",
    ),
    (
        "insert into piece_owner values (2, 4 * 999 + 2, 1, null)",
        Area::Owners,
        "piece 2 is owned by owner 3998, which is not there",
    ),
    ("insert into piece_owner values (2, 7, 1, null)", Area::Owners, "piece 2 is owned by owner 7, which is not there"),
    (
        "insert into piece_owner values (2, -4, 1, null)",
        Area::Owners,
        "piece 2 is owned by owner -4, which is not there",
    ),
    (
        "update piece_hash set uses = 9 where piece = 2",
        Area::Owners,
        r#"trace "t0" is told to use piece 2 9 times, and does 8 times"#,
    ),
    (
        "update piece_owner set uses = 1 where piece = 2",
        Area::Owners,
        r#"trace "t1" is told to use piece 2 1 times, and does 8 times"#,
    ),
    (
        "update piece_hash set first = 2 where piece = 3",
        Area::Owners,
        r#"trace "t0" is told to have got piece 3 from a document that does not use it"#,
    ),
    ("update state set span = 3", Area::Pieces, "state says that span 3 was given out last, and there is span 25"),
    ("update state set trace = 3", Area::Pieces, "state says that trace 3 was given out last, and there is trace 4"),
    ("update span set body = 999 where span_id = 's3'", Area::Documents, r#"span "s3" of trace "t1": entry 999"#),
    ("update span set body = body + 2 where span_id = 's3'", Area::Pieces, "documents have 31 manifests"),
    (
        "update span set trace = 999 where span_id = 's3' and trace = 1",
        Area::Documents,
        r#"span "s3" belongs to a trace that is not there"#,
    ),
    ("update session set body = 999", Area::Documents, r#"session "c": entry 999"#),
    ("update config_snapshot set body = 1", Area::Owners, r#"config snapshot "g" owns piece 58"#),
    ("delete from trace_tag where tag = 't1'", Area::Tags, r#"trace "t1" is not listed under its tag "t1""#),
    (
        "insert into trace_tag select 0, 'more', started_at, seq, id from trace where trace_id = 't1'",
        Area::Tags,
        r#"under tag "more" a trace "t1" that lacks it"#,
    ),
    (
        "insert into trace_tag values (0, 'more', 1, 1, 999)",
        Area::Tags,
        r#"under tag "more" a trace that is not there"#,
    ),
    (
        "update trace_tag set seq = seq + 99 where tag = 't1'",
        Area::Tags,
        r#"trace "t1" is not listed under its tag "t1""#,
    ),
    (
        "update trace set tags = '[\"x\"]' where trace_id = 't1'",
        Area::Tags,
        r#"trace "t1" is not listed under its tag "x""#,
    ),
    ("update trace set tags = '[' where trace_id = 't1'", Area::Tags, "a row of table trace"),
    ("delete from session_tag", Area::Tags, r#"session "c" is not listed under its tag "all""#),
    (
        "insert into session_tag values (0, 'more', 1, 1, 999)",
        Area::Tags,
        r#"under tag "more" a session that is not there"#,
    ),
    (
        "update facet set members = x'0100' where kind = 3 and value = 'all'",
        Area::Lists,
        "the sets of traces by tags have 4 members, documents make 6",
    ),
    (
        "delete from facet where kind = 0",
        Area::Lists,
        "the sets of traces by agentName have 0 members, documents make 3",
    ),
    ("delete from facet where kind = 3", Area::Lists, "the sets of traces by tags have 0 members, documents make 6"),
    ("delete from facet where kind = 5", Area::Lists, "the sets of sessions by tags have 0 members, documents make 1"),
    // As many members, under another value.
    (
        "update facet set value = 'failed' where kind = 1",
        Area::Lists,
        "the sets of traces by status have 4 members, documents make 4",
    ),
    ("update facet set value = '1.0' where kind = 2", Area::Lists, "the sets of traces by userId"),
    ("update facet set value = '2' where kind = 4", Area::Lists, "the sets of sessions by userId"),
    ("update facet set part = 1 where kind = 1", Area::Lists, "the sets of traces by status"),
    // What times 4,096 would be the same again.
    ("update facet set part = 1 << 52 where kind = 1", Area::Lists, "the sets of traces by status"),
    ("update facet set members = x'00' where kind = 1", Area::Lists, "a part of a facet can't be read"),
    ("insert into facet values (0, 1, 'failed', 0, x'')", Area::Lists, "by status is not as it is written"),
    ("update facet set members = x'0100020002000300' where kind = 1", Area::Lists, "by status is not as it is written"),
    ("insert into facet values (0, 99, 'x', 0, x'0100')", Area::Lists, "there are no sets of kind 99"),
    ("update trace set tags = '[\"x\"]' where trace_id = 't1'", Area::Lists, "the sets of traces by tags"),
    ("update state set traces = 7", Area::Lists, "state says 7 traces, 4 were found"),
    ("update state set spans = 7", Area::Lists, "state says 7 spans, 25 were found"),
    ("update state set sessions = 7", Area::Lists, "state says 7 sessions, 1 were found"),
    ("update state set config_snapshots = 7", Area::Lists, "state says 7 config snapshots, 1 were found"),
    ("update state set traces = -1", Area::Lists, "the counts of the row of state"),
    ("delete from alone; update state set entry = 1", Area::Pieces, LAST_ENTRY),
    ("delete from fresh; update state set entry = 1", Area::Pieces, LAST_ENTRY),
    ("update state set seq = 1", Area::Lists, "place 1 in the order of writing was given out last, and there is"),
    ("insert into fresh select id, 1, x'0041' from alone order by id limit 1", Area::Pieces, "is both fresh and alone"),
    (
        "pragma writable_schema = on; update sqlite_schema set rootpage = (select rootpage from sqlite_schema where name = 'session_by_user_id') where name = 'trace_by_status'",
        Area::Database,
        "missing from index",
    ),
];

/// The same for a store that was packed.
const PACKED_DAMAGES: &[(&str, Area, &str)] = &[
    ("delete from block", Area::Documents, r#"span "s0" of trace "t0": block 1 is missing"#),
    ("delete from block", Area::Pieces, "entry 2 should be in block 1, which is not there"),
    ("update block set data = x'0241'", Area::Pieces, "block 1: a blob has an unknown form"),
    ("delete from block_run", Area::Documents, r#"span "s0" of trace "t0": entry 4 is missing"#),
    ("update block_run set last = first", Area::Pieces, "block 1: its entry 3 is looked for in None"),
    ("insert into fresh values (2, 1, x'0041')", Area::Pieces, "entries match no hash"),
    ("insert into fresh values (2, 1, x'0041')", Area::Pieces, "entry 2 is in block 1 and outside of it"),
    ("insert into alone values (2, x'0041')", Area::Pieces, "entry 2 is in block 1 and outside of it"),
    ("insert into block_run values (3, 3, 1)", Area::Pieces, "the run of entries 3 to 3 overlaps one that ends with"),
    (
        "insert into block_run select max(last), max(last), block from block_run",
        Area::Pieces,
        "overlaps one that ends with",
    ),
    ("update block_run set last = last + 1", Area::Pieces, "is none of block 1, which had 2 to"),
    ("update block_run set last = 0 where first = 2", Area::Pieces, "the run of entries 2 to 0 is none of block 1"),
    ("delete from alone; delete from fresh; update state set entry = 1", Area::Pieces, LAST_ENTRY),
];

#[test]
fn every_kind_of_damage_is_found_and_named() {
    let unpacked = DAMAGES.iter().map(|damage| (damage, false));
    for ((statements, area, message), packed) in unpacked.chain(PACKED_DAMAGES.iter().map(|damage| (damage, true))) {
        let report = found_after(statements, packed);
        let found = report.problems.iter().any(|problem| problem.area == *area && problem.message.contains(message));
        assert!(found, "{statements}: {:#?}", report.problems);
        assert_eq!(report.problem_count, report.problems.len() as u64);
    }
}

#[test]
fn areas_are_those_of_the_contract() {
    let contract = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("types/jobs.d.ts")).unwrap();
    let union = contract.split("type VerifyArea = ").nth(1).unwrap().split(';').next().unwrap();
    let ours = [Area::Database, Area::Documents, Area::Pieces, Area::Owners, Area::Tags, Area::Lists];
    let ours = ours.map(|area| serde_json::to_string(&area).unwrap().replace('"', "'"));
    assert_eq!(union, ours.join(" | "));
}

#[test]
fn a_hundred_problems_are_told_and_all_are_counted() {
    let insert = "with recursive n(n) as (select 1 union all select n + 1 from n where n < 250)
        insert into piece_owner select 1000 + n, 4 * 999, 1, null from n";
    let report = found_after(insert, false);
    assert_eq!(report.problems.len(), 100);
    assert!(report.problem_count >= 250, "{}", report.problem_count);
}

#[test]
fn no_page_can_be_lost_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    lose_pages(&path);
    fs::remove_file(&path).unwrap();
    pack(&store(folder.path()));
    lose_pages(&path);
}

fn lose_pages(path: &Path) {
    let sound = fs::read(path).unwrap();
    for page in 0..sound.len() / PAGE {
        let mut damaged = sound.clone();
        // Of the first page only what lies behind the header, which tells whose file it is.
        let start = if page == 0 { 100 } else { page * PAGE };
        damaged[start..(page + 1) * PAGE].fill(0xaa);
        fs::write(path, &damaged).unwrap();
        match verify(&sqlite(Some(path))) {
            Ok(report) => assert!(report.problem_count > 0, "page {page} is lost, and nobody says so"),
            Err(Error { code, .. }) => {
                assert!([Code::Corrupt, Code::Unsupported].contains(&code), "{code:?} for page {page}");
            }
        }
    }
}

/// Gives up when something, but not all, is done.
#[derive(Default)]
struct Impatient(AtomicBool);

impl JobListener for Impatient {
    fn progress(&self, Progress { done, total }: Progress) {
        self.0.store(done > 0 && done < total, Ordering::Relaxed);
    }
    fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn a_job_that_is_given_up_midway_fails_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path());
    let backend = sqlite(Some(&path));
    let mut writer = backend.open_writer(PATIENCE).unwrap();
    // More than one step of a backup, and of a check.
    let large = |n: u64| {
        let digits: String = (0..400).map(|at| (n * 7_919 + at + 1).wrapping_pow(5).to_string()).collect();
        span("large", &n.to_string(), 1, &json!(digits))
    };
    write(writer.as_mut(), &(0..400).map(large).collect::<Vec<_>>());
    let mut reader = backend.open_reader().unwrap();
    for job in [Job::Verify, Job::Backup { path: folder.path().join("copy.db") }] {
        let watch = Arc::new(Impatient::default());
        let watched: Arc<dyn JobListener> = Arc::clone(&watch) as _;
        assert!(reader.perform(&job, &watched).is_err(), "{job:?}");
        assert!(watch.is_over(), "{job:?} was not begun");
    }
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| !name.to_string_lossy().starts_with("traces.db")).collect();
    assert!(left.is_empty(), "{left:?}");
    // The connection serves on.
    assert!(reader.perform(&Job::Verify, &patient()).is_ok());
}

#[test]
fn a_backend_that_can_not_refuses() {
    let backend = Memory::default();
    let refused = backend.open_reader().unwrap().perform(&Job::Verify, &patient());
    assert_eq!(refused.unwrap_err().code, Code::Unsupported);
}
