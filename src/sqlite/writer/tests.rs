//! What a writing connection does to its file: how it opens, what a full disk costs, who holds back the log.

use super::*;
use crate::error::Code;
use crate::sqlite::backend::SqliteBackend;
use crate::sqlite::entries::packing::BLOCK_BYTES;
use crate::store::commit;
use crate::store::options::{Locking, OnFull};
use crate::store::queue::Batch;
use crate::wire::frame;
use std::fmt::Write as _;
use std::path::Path;

const PATIENCE: Duration = Duration::from_secs(5);

fn options(path: &Path, durability: Durability) -> Options {
    Options {
        path: path.to_path_buf(),
        memory: false,
        readonly: false,
        durability,
        locking: Locking::Shared,
        busy_timeout_ms: 5000,
        max_queue_bytes: 1 << 20,
        on_full: OnFull::Block,
        block_timeout_ms: 1000,
        exit_timeout_ms: 1000,
        file_mode: None,
    }
}

fn writer(path: &Path, durability: Durability) -> SqliteWriter {
    let options = options(path, durability);
    let file = SqliteBackend::prepare(&options).unwrap().map(|file| file.id);
    let claimed = connection::open_writer(&options, file, PATIENCE).unwrap();
    SqliteWriter::new(claimed, &options, file, Arc::default()).unwrap()
}

fn pragma(connection: &Connection, name: &str) -> i64 {
    connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
}

/// Spans of about this many bytes each that nothing can compress.
fn batch(ids: std::ops::Range<u32>, bytes: usize) -> Batch {
    let mut state = 0x2545_f491_4f6c_dd1d_u64 ^ u64::from(ids.start);
    let mut noise = |length: usize| {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let _ = write!(text, "{state:016x}");
        }
        text
    };
    let frames = ids.flat_map(|id| {
        frame(3, &format!(r#"{{"traceId":"t","spanId":"{id}","parentSpanId":"p","kind":"llm","name":"n","status":"ok","startedAt":"2024-01-01T00:00:00.000Z","durationMs":1,"input":"{}"}}"#, noise(bytes * 2)))
    });
    Batch::only(&frames.collect::<Vec<_>>())
}

/// The text of a batch's first operation.
fn text_of(batch: &Batch) -> String {
    let op = batch.encoded.texts().next().unwrap().unwrap();
    String::from_utf8(op.text.into_owned()).unwrap()
}

/// The codes of what failed in each batch.
fn codes(writer: &mut SqliteWriter, batches: &[Batch]) -> Vec<Vec<Code>> {
    let settled = commit::commit(writer, batches, PATIENCE);
    settled.iter().map(|batch| batch.failures.iter().map(|(_, error)| error.code).collect()).collect()
}

#[test]
fn a_new_file_has_what_can_not_be_changed_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let writer = writer(&path, Durability::Process);
    assert_eq!(pragma(writer.connection(), "auto_vacuum"), 2, "incremental");
    assert_eq!(pragma(writer.connection(), "application_id"), crate::sqlite::file::migrations::APPLICATION_ID);
    let mode: String = writer.connection().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn nothing_is_written_or_read_once_a_newer_version_has_changed_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = writer(&path, Durability::Process);
    commit::commit(&mut writer, &[batch(0..1, 300)], PATIENCE);
    let newer =
        connection::open_writer(&options(&path, Durability::Process), FileId::of(&path).ok(), PATIENCE).unwrap();
    newer.connection.pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(codes(&mut writer, &[batch(1..2, 300)]), [vec![Code::SchemaTooNew]]);
    assert_eq!(writer.answer(&Query::Info).unwrap_err().code, Code::SchemaTooNew);
    writer.close();
    assert_eq!(number(&writer, "select count(*) from fresh"), 2, "nor is anything packed");
    newer.connection.pragma_update(None, "user_version", 1).unwrap();
    assert_eq!(codes(&mut writer, &[batch(1..2, 300)]), [vec![]]);
}

#[test]
fn what_was_moved_or_rewritten_is_nowhere_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = writer(&path, Durability::Process);
    let text = |word: &str| {
        let span = format!(
            r#"{{"traceId":"t","spanId":"s","kind":"llm","name":"n","status":"ok","startedAt":"2024-01-01T00:00:00.000Z","durationMs":1,"input":"{}"}}"#,
            word.repeat(2000)
        );
        Batch::only(&frame(3, &span))
    };
    let found = |writer: &SqliteWriter, word: &str| {
        writer.connection().query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        memchr::memmem::find_iter(&bytes, word.as_bytes()).count()
    };
    commit::commit(&mut writer, &[text("rewritten ")], PATIENCE);
    assert!(found(&writer, "rewritten rewritten") > 0, "it is fresh, and not compressed");
    commit::commit(&mut writer, &[text("compressed ")], PATIENCE);
    assert_eq!(found(&writer, "rewritten rewritten"), 0);
    assert!(found(&writer, "compressed compressed") > 0);
    writer.close();
    assert_eq!(found(&writer, "compressed compressed"), 0, "what was packed has left no trace where it was");
}

#[test]
fn durability_is_the_strongest_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = writer(&path, Durability::Process);
    assert_eq!(pragma(writer.connection(), "synchronous"), 1, "normal");
    writer.signals.power.store(true, Ordering::Relaxed);
    writer.begin(PATIENCE, Care::Group).unwrap();
    assert_eq!(pragma(writer.connection(), "synchronous"), 2, "full");
    assert_eq!(pragma(writer.connection(), "fullfsync"), 1);
}

#[test]
fn a_full_disk_fails_what_does_not_fit_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = writer(&path, Durability::Process);
    assert_eq!(codes(&mut writer, &[batch(0..2, 1000)]), [vec![]]);
    let pages = pragma(writer.connection(), "page_count");
    writer.connection().pragma_update(None, "max_page_count", pages + 40).unwrap();
    // One operation that is too large between small ones, at every place of the group.
    for place in 0..3_u32 {
        let ids = 10 * (place + 1);
        let batches: Vec<Batch> =
            (0..3).map(|at| batch(ids + at..ids + at + 1, if at == place { 400_000 } else { 1000 })).collect();
        for (at, codes) in codes(&mut writer, &batches).into_iter().enumerate() {
            assert_eq!(codes, if at == place as usize { vec![Code::Full] } else { vec![] }, "{place} {at}");
        }
    }
    writer.connection().pragma_update(None, "max_page_count", pages + 4000).unwrap();
    assert_eq!(codes(&mut writer, &[batch(90..91, 400_000)]), [vec![]], "space came back");
    let spans: i64 = writer.connection().query_row("select count(*) from span", [], |row| row.get(0)).unwrap();
    assert_eq!(spans, 2 + 6 + 1);
    let sound: String = writer.connection().query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

/// A writer, and the reader that holds its log back until it commits.
fn held_back(path: &Path) -> (SqliteWriter, Connection) {
    let mut writer = writer(path, Durability::Process);
    commit::commit(&mut writer, &[batch(0..1, 10)], PATIENCE);
    let reader = Connection::open(path).unwrap();
    reader.execute_batch("begin; select * from state").unwrap();
    (writer, reader)
}

#[test]
fn a_reader_that_holds_back_the_log_is_told_of_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut writer, reader) = held_back(&folder.path().join("traces.db"));
    let mut warnings = 0;
    for round in 1..=6 {
        commit::commit(&mut writer, &[batch(round * 1000..round * 1000 + 40, 100_000)], PATIENCE);
        warnings += u32::from(writer.tidy().is_some());
    }
    assert!(writer.signals.wal_blocked.load(Ordering::Relaxed));
    assert_eq!(warnings, 1);
    reader.execute_batch("commit").unwrap();
    commit::commit(&mut writer, &[batch(1..40, 100_000)], PATIENCE);
    assert!(writer.tidy().is_none());
    assert!(!writer.signals.wal_blocked.load(Ordering::Relaxed));
}

/// Each attempt to let the log begin anew makes everybody wait, and one to copy it flushes the file.
#[test]
fn a_log_that_is_held_back_is_not_copied_after_each_commit() {
    let folder = tempfile::tempdir().unwrap();
    let (mut writer, reader) = held_back(&folder.path().join("traces.db"));
    for round in 1..=6 {
        commit::commit(&mut writer, &[batch(round * 1000..round * 1000 + 40, 100_000)], PATIENCE);
        writer.tidy();
    }
    let worth_copying = (0..50).filter(|round| {
        commit::commit(&mut writer, &[batch(10_000 + round..10_001 + round, 10)], PATIENCE);
        let is_long = writer.log.is_long();
        writer.tidy();
        is_long
    });
    assert_eq!(worth_copying.count(), 0);
    // Once it can be copied it is, though nobody tells.
    reader.execute_batch("commit").unwrap();
    for round in 20..=21 {
        commit::commit(&mut writer, &[batch(round * 1000..round * 1000 + 40, 100_000)], PATIENCE);
        writer.tidy();
    }
    assert!(!writer.signals.wal_blocked.load(Ordering::Relaxed));
}

#[test]
fn a_large_file_is_told_of_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    let mut writer = writer(&path, Durability::Process);
    assert!(writer.warn_of_size(LARGE_FILE).is_none());
    assert!(writer.warn_of_size(1).is_some());
    assert!(writer.warn_of_size(1).is_none());
}

#[test]
fn the_id_of_a_deleted_entry_is_never_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
    commit::commit(&mut writer, &[batch(0..1, 300)], PATIENCE);
    let newest = number(&writer, "select max(id) from fresh");
    let other = text_of(&batch(9..10, 300)).replace(r#""spanId":"9""#, r#""spanId":"0""#);
    commit::commit(&mut writer, &[Batch::only(&frame(3, &other))], PATIENCE);
    // A piece and a manifest take the place of a piece and a manifest.
    assert_eq!(number(&writer, "select count(*) from fresh"), 2);
    assert_eq!(number(&writer, "select min(id) from fresh"), newest + 1);
    writer.begin(PATIENCE, Care::Group).unwrap();
    writer.connection().execute("delete from fresh", []).unwrap();
    writer.commit(0).unwrap();
    commit::commit(&mut writer, &[batch(20..21, 300)], PATIENCE);
    assert_eq!(number(&writer, "select min(id) from fresh"), newest + 3);
}

#[test]
fn much_of_running_traces_is_packed_and_the_rest_when_the_store_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
    commit::commit(&mut writer, &[batch(0..15, 10_000)], PATIENCE);
    work(&mut writer).unwrap();
    assert_eq!(number(&writer, "select count(*) from block"), 0, "a running trace may gather more");
    commit::commit(&mut writer, &[batch(15..60, 10_000)], PATIENCE);
    work(&mut writer).unwrap();
    let left = number(&writer, "select count(*) from fresh");
    assert!(number(&writer, "select coalesce(sum(length(data)), 0) from fresh") < block_bytes(), "what fills no block");
    let blocks = number(&writer, "select count(*) from block");
    let full = 1_200_000 / block_bytes();
    assert!((full..=full * 3 / 2).contains(&blocks), "{blocks} blocks of 1.2 MB");
    commit::commit(&mut writer, &[batch(70..71, 300)], PATIENCE);
    work(&mut writer).unwrap();
    assert_eq!(number(&writer, "select count(*) from fresh"), left + 2, "little is left to gather more");
    writer.close();
    assert_eq!(number(&writer, "select count(*) from fresh"), 0);
    assert_eq!(number(&writer, "select fresh_bytes from state"), 0);
    assert_eq!(number(&writer, "select count(*) from block"), blocks + 1);
}

#[test]
fn a_rewritten_span_leaves_its_block() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
    commit::commit(&mut writer, &[batch(0..3, 300)], PATIENCE);
    writer.close();
    let bytes = |writer: &SqliteWriter| number(writer, "select length(data) from block");
    let before = bytes(&writer);
    commit::commit(&mut writer, &[batch(1..2, 400)], PATIENCE);
    assert!(bytes(&writer) < before);
    commit::commit(&mut writer, &[batch(0..3, 500)], PATIENCE);
    assert_eq!(number(&writer, "select count(*) from block"), 0);
    assert_eq!(number(&writer, "select count(*) from block_run"), 0);
    assert_eq!(number(&writer, "select count(*) from fresh"), 6);
}

#[test]
fn a_state_that_is_older_than_the_entries_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces.db");
    for pack in [false, true] {
        let mut first = writer(&path, Durability::Process);
        commit::commit(&mut first, &[batch(0..3, 300)], PATIENCE);
        if pack {
            first.close();
        }
        let last = number(&first, "select entry from state");
        first.connection().execute("update state set entry = entry - 1", []).unwrap();
        drop(first);
        let mut second = writer(&path, Durability::Process);
        assert_eq!(second.begin(PATIENCE, Care::Group).unwrap_err().code, Code::Corrupt);
        second.connection().execute("update state set entry = ?1", [last]).unwrap();
        second.begin(PATIENCE, Care::Group).unwrap();
        second.rollback();
    }
}

#[test]
fn a_damaged_block_fails_nobody_who_only_writes_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
    for id in [0, 1] {
        commit::commit(&mut writer, &[batch(id..id + 1, 300)], PATIENCE);
        writer.close();
    }
    assert_eq!(writer.connection().execute("update block set data = x'0241' where id = 1", []).unwrap(), 1);
    // The second is rewritten, in a trace that can't be looked through any more; the third is new.
    assert_eq!(codes(&mut writer, &[batch(1..2, 400), batch(2..3, 300)]), [vec![], vec![]]);
    assert_eq!(number(&writer, "select count(*) from span"), 3);
    // What lies in the damaged block itself fails alone.
    assert_eq!(codes(&mut writer, &[batch(0..1, 400), batch(3..4, 300)]), [vec![Code::Corrupt], vec![]]);
}

#[test]
fn a_large_entry_has_a_block_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
    commit::commit(&mut writer, &[batch(0..1, 2_000_000), batch(1..200, 1000)], PATIENCE);
    let small = number(&writer, "select sum(length(data)) from fresh where length(data) < 1000000");
    writer.close();
    let large = number(&writer, "select count(*) from block where length(data) > 1000000");
    let others = number(&writer, "select count(*) from block") - large;
    let full = (small + block_bytes() / 2) / block_bytes();
    assert_eq!((others, large), (full, 1), "and the small ones fill theirs");
    assert_eq!(
        number(
            &writer,
            "select count(*) from block_run where last = first and length((select data from block where id = block)) > 1000000"
        ),
        1
    );
}

#[test]
fn entries_of_nearly_a_block_are_packed_in_whatever_order_they_come() {
    for sizes in [[78, 83, 0], [78, 0, 99], [0, 99, 78]] {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
        commit::commit(&mut writer, &[batch(0..1, 100)], PATIENCE);
        for (id, percent) in (1000..).zip(sizes) {
            let bytes = 90 + percent * BLOCK_BYTES / 100;
            let insert = "insert into fresh (id, trace, data) values (?1, 1, randomblob(?2))";
            writer.connection().execute(insert, (id, bytes)).unwrap();
        }
        writer.close();
        assert_eq!(number(&writer, "select count(*) from fresh"), 0);
        assert_eq!(number(&writer, "select count(*) from block"), 2);
    }
}

#[test]
fn packing_that_fails_is_told_once_and_tried_more_and_more_rarely() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(&folder.path().join("traces.db"), Durability::Process);
    // Every run that packing would write is there already.
    let trap = "with recursive id(n) as (select 1 union all select n + 1 from id where n < 100000)
        insert into block_run select n, 0, 999 from id";
    writer.connection().execute_batch(trap).unwrap();
    let mut warnings = Vec::new();
    let mut attempts = 0;
    for round in 0..40 {
        commit::commit(&mut writer, &[batch(round * 10..round * 10 + 2, 50_000)], PATIENCE);
        let before = writer.connection().total_changes();
        warnings.extend(work(&mut writer).err());
        attempts += u32::from(writer.connection().total_changes() != before);
    }
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].message.contains("packing what traces brought failed: "), "{warnings:?}");
    assert!((2..=6).contains(&attempts), "{attempts}");
    writer.connection().execute_batch("delete from block_run where block = 999").unwrap();
    writer.close();
    assert_eq!(number(&writer, "select count(*) from fresh"), 0);
}

/// All that is due.
fn work(writer: &mut SqliteWriter) -> Result<()> {
    while writer.work(&Slice::endless())?.is_some() {}
    Ok(())
}

fn block_bytes() -> i64 {
    i64::try_from(BLOCK_BYTES).unwrap()
}

fn number(writer: &SqliteWriter, sql: &str) -> i64 {
    writer.connection().query_row(sql, [], |row| row.get(0)).unwrap()
}
