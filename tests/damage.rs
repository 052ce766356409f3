//! A damaged file gives a clear error or the right answer, never a wrong one, never a panic, never a hang.
//!
//! Everything is seeded; `TRACESTORE_DAMAGE_ROUNDS=20` takes twenty times the rounds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets one of them has failed")]

mod support;

#[path = "support/damage.rs"]
mod damage;
#[path = "support/specimen.rs"]
mod specimen;

use damage::{Ask, Asked, Round, Tally, rounds};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use specimen::{Files, closed, queries, with_log, writes};
use std::path::PathBuf;
use tempfile::TempDir;
use tracestore::content::Compressor;
use tracestore::model::Op;
use tracestore::sqlite::file::checked;
use tracestore::store::options::Options;

/// A store before its damage, with what it answers then and after each of the writes.
struct Specimen {
    folder: TempDir,
    files: Files,
    ask: Ask,
    /// What may be answered before a write: one list of answers for each state that the files may stand for.
    states: Vec<Vec<Value>>,
    /// What is answered after the write of the same place in `writes`.
    changed: Vec<Vec<Value>>,
}

impl Specimen {
    fn closed() -> Self {
        let folder = folder();
        let files = closed(&folder.path().join("traces.db"));
        Self::new(folder, files, Ask(queries()), None)
    }

    fn with_log() -> Self {
        let (folder, ask) = (folder(), Ask(queries()));
        let (files, history) = with_log(&folder.path().join("traces.db"), &ask);
        Self::new(folder, files, ask, Some(history))
    }

    fn new(folder: TempDir, files: Files, ask: Ask, history: Option<Vec<Vec<Value>>>) -> Self {
        let mut specimen = Self { folder, files, ask, states: Vec::new(), changed: Vec::new() };
        specimen.changed = writes().iter().map(|write| specimen.whole(write).1).collect();
        specimen.states = history.unwrap_or_else(|| vec![specimen.whole(&writes()[0]).0]);
        specimen
    }

    fn options(&self) -> Options {
        support::options(Some(&self.path()))
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("traces.db")
    }

    fn viewer(&self) -> Options {
        Options { readonly: true, ..self.options() }
    }

    fn whole(&self, write: &Op) -> (Vec<Value>, Vec<Value>) {
        self.files.write(&self.path());
        let round = Round::run(&self.options(), &self.ask, Asked::Both, write);
        round.written.unwrap();
        let all = |answers: Vec<_>| answers.into_iter().map(Result::unwrap).collect();
        (all(round.before), all(round.after))
    }

    /// One store with this damage: what viewers see, what a writer sees, and after one write.
    fn try_out(&self, tally: &mut Tally, name: &str, damaged: &Files, turn: usize) {
        let write = turn % self.changed.len();
        damaged.write(&self.path());
        if turn.is_multiple_of(5) {
            self.judge(tally, name, "viewer", &self.ask.all(&self.viewer()), &self.states);
            damaged.write(&self.path());
        }
        // One of the two, which is half the work.
        let asked = if (turn / self.changed.len()).is_multiple_of(2) { Asked::Before } else { Asked::After };
        let round = Round::run(&self.options(), &self.ask, asked, &writes()[write]);
        self.judge(tally, name, "before", &round.before, &self.states);
        match round.written {
            // With a log the write may have met any of several states.
            _ if self.states.len() > 1 => {}
            Ok(()) => self.judge(tally, name, "after", &round.after, &self.changed[write..=write]),
            Err(error) => {
                tally.refuse(&error, || format!("write {write}, {name}"));
                self.judge(tally, name, "after a failed write", &round.after, &self.states);
            }
        }
    }

    fn judge(
        &self,
        tally: &mut Tally,
        name: &str,
        when: &str,
        answers: &[tracestore::error::Result<Value>],
        states: &[Vec<Value>],
    ) {
        for (at, answer) in answers.iter().enumerate() {
            let right: Vec<&Value> = states.iter().map(|state| &state[at]).collect();
            tally.judge(answer, &right, || format!("{name}, {when}: {:?}", self.ask.0[at]));
        }
    }
}

/// In memory where there is such a place: thousands of files are written.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn times(rounds: usize) -> usize {
    let factor = std::env::var("TRACESTORE_DAMAGE_ROUNDS").ok().and_then(|factor| factor.parse().ok());
    rounds * factor.unwrap_or(1)
}

/// The same numbers in each run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

/// One bit, one byte, or a stretch that a torn write leaves: zeros, or what lies elsewhere.
fn hurt(bytes: &mut [u8], dice: &mut Dice) -> String {
    let at = dice.below(bytes.len());
    match dice.below(8) {
        0..4 => {
            bytes[at] ^= 1 << dice.below(8);
            format!("a bit of byte {at}")
        }
        4..6 => {
            bytes[at] = bytes[at].wrapping_add(u8::try_from(1 + dice.below(255)).unwrap());
            format!("byte {at}")
        }
        6 => {
            let end = (at + 1 + dice.below(512)).min(bytes.len());
            // The one blind spot: fewer zeros than a sector has that end with a page look like a page that was not checked.
            let page_end = at / 4096 * 4096 + 4096;
            let end = if end >= page_end && (8..512).contains(&(page_end - at)) { page_end - 8 } else { end };
            bytes[at..end].fill(0);
            format!("zeros from {at} to {end}")
        }
        _ => {
            let (from, to) = (dice.below(bytes.len() / 512) * 512, at / 512 * 512);
            let end = (to + 512).min(bytes.len()).min(bytes.len() - from + to);
            // The same blind spot, where the sector that is copied ends with zeros.
            let is_page_end = end.is_multiple_of(4096) && bytes[from + end - to - 8..from + end - to] == [0; 8];
            let end = if is_page_end { end - 8 } else { end };
            bytes.copy_within(from..from + end - to, to);
            format!("sector {from} at {to}")
        }
    }
}

/// Each round in one place.
fn flips(specimen: Specimen, rounds_wanted: usize, in_log: bool) -> Tally {
    let mut dice = Dice(if in_log { 2 } else { 1 });
    rounds((0..rounds_wanted).map(|n| (format!("round {n}"), n)), move |tally, name, n| {
        let mut damaged = specimen.files.clone();
        let bytes = if in_log { damaged.log.as_mut().unwrap() } else { &mut damaged.file };
        let what = hurt(bytes, &mut dice);
        specimen.try_out(tally, &format!("{name}, {what}"), &damaged, n);
    })
}

/// Each round in several places, of the file and of the log if there is one.
fn many_flips(specimen: Specimen, rounds_wanted: usize) -> Tally {
    let mut dice = Dice(4);
    rounds((0..rounds_wanted).map(|n| (format!("round {n}"), n)), move |tally, name, n| {
        let mut damaged = specimen.files.clone();
        let mut what = Vec::new();
        for _ in 0..2 + dice.below(5) {
            let in_log = damaged.log.as_mut().filter(|_| dice.below(2) == 0);
            what.push(hurt(in_log.unwrap_or(&mut damaged.file), &mut dice));
        }
        specimen.try_out(tally, &format!("{name}, {}", what.join(", ")), &damaged, n);
    })
}

/// Every file of a list, each with its name.
fn each(specimen: Specimen, cases: Vec<(String, Files)>) -> Tally {
    let mut turn = 0;
    rounds(cases.into_iter(), move |tally, name, damaged| {
        specimen.try_out(tally, name, &damaged, turn);
        turn += 1;
    })
}

/// The specimen after some SQL, with checksums that are right.
fn altered(specimen: &Specimen, name: &str, alter: impl Fn(&Connection)) -> (String, Files) {
    specimen.files.write(&specimen.path());
    let connection = checked::open(specimen.path(), OpenFlags::default()).unwrap();
    connection.pragma_update(None, "journal_mode", "delete").unwrap();
    alter(&connection);
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    drop(connection);
    (name.to_owned(), Files::read(&specimen.path()))
}

#[test]
fn a_flipped_byte_in_the_file() {
    flips(Specimen::closed(), times(1200), false).report("file");
}

#[test]
fn a_flipped_byte_in_the_file_beside_its_log() {
    flips(Specimen::with_log(), times(300), false).report("file beside a log");
}

#[test]
fn several_flipped_bytes_in_the_file() {
    many_flips(Specimen::closed(), times(300)).report("many in the file");
}

#[test]
fn several_flipped_bytes_in_the_file_and_its_log() {
    many_flips(Specimen::with_log(), times(200)).report("many in the file and the log");
}

#[test]
fn a_flipped_byte_in_the_log() {
    flips(Specimen::with_log(), times(600), true).report("log");
}

#[test]
fn a_file_that_is_cut_off() {
    let specimen = Specimen::closed();
    let length = specimen.files.file.len();
    let odd = [2, 15, 16, 17, 99, 100, 101, 511, 512, 4095, 4097, length / 2 + 1, length - 1];
    // Nothing at all is a store that nobody has used yet: see below.
    let cuts = (1..length / 4096).map(|page| page * 4096).chain(odd);
    let cut = |end: usize| (format!("cut at {end}"), Files { file: specimen.files.file[..end].to_vec(), log: None });
    let cases = cuts.map(cut).collect();
    each(specimen, cases).report("cut file");
}

#[test]
fn a_file_of_one_byte_is_not_ours_to_fill() {
    let specimen = Specimen::closed();
    let cut = Files { file: specimen.files.file[..1].to_vec(), log: None };
    each(specimen, vec![("one byte".to_owned(), cut)]).report("one byte");
}

#[test]
fn a_log_that_is_cut_off_or_empty() {
    let specimen = Specimen::with_log();
    let log = specimen.files.log.clone().unwrap();
    // A frame has 24 bytes before its page.
    let frames = (0..log.len() / 4120).step_by(3).map(|frame| 32 + frame * 4120);
    let cuts = frames.flat_map(|start| [start, start + 24, start + 2000]).chain([0, 1, 31]);
    let cut = |end: usize| {
        (format!("log cut at {end}"), Files { log: Some(log[..end.min(log.len())].to_vec()), ..specimen.files.clone() })
    };
    let cases = cuts.map(cut).collect();
    each(specimen, cases).report("cut log");
}

#[test]
fn an_empty_file_or_a_log_alone_is_a_new_store() {
    let specimen = Specimen::with_log();
    for (file, log) in
        [(Some(Vec::new()), None), (Some(Vec::new()), specimen.files.log.clone()), (None, specimen.files.log.clone())]
    {
        let name = format!("file {:?}, log {:?}", file.as_ref().map(Vec::len), log.as_ref().map(Vec::len));
        Files { file: file.clone().unwrap_or_default(), log }.write(&specimen.path());
        if file.is_none() {
            std::fs::remove_file(specimen.path()).unwrap();
        }
        // It may be a folder from which somebody deleted the store: nothing of it comes back, whole or in parts.
        let round = Round::run(&specimen.options(), &specimen.ask, Asked::Both, &writes()[2]);
        round.written.unwrap();
        for (query, answer) in specimen.ask.0.iter().zip(&round.before) {
            let found = answer.as_ref().unwrap();
            let nothing = found["documents"] == json!([]) || *found == json!([0, 0, 0, 0, 0]);
            assert!(nothing, "{name}: {query:?} found {found}");
        }
        let connection = Connection::open(specimen.path()).unwrap();
        let sound: String = connection.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok", "{name}");
    }
}

#[test]
fn pieces_that_were_swapped_or_deleted() {
    let specimen = Specimen::closed();
    let pairs = pieces(&specimen);
    let swap = |one: i64, other: i64| {
        altered(&specimen, &format!("pieces {one} and {other} swapped"), |connection| {
            // Both rows keep a text and the hash of that very text.
            for sql in [
                "update fresh set data = (select data from fresh f where f.id = ?1 + ?2 - fresh.id) where id in (?1, ?2)",
                "update piece_hash set piece = ?1 + ?2 - piece where piece in (?1, ?2)",
            ] {
                assert_eq!(connection.execute(sql, [one, other]).unwrap(), 2);
            }
        })
    };
    let delete = |piece: i64| {
        altered(&specimen, &format!("piece {piece} deleted"), |connection| {
            assert_eq!(connection.execute("delete from fresh where id = ?1", [piece]).unwrap(), 1);
        })
    };
    let mut cases: Vec<_> = pairs.windows(2).map(|pair| swap(pair[0], pair[1])).collect();
    cases.extend(pairs.iter().map(|piece| delete(*piece)));
    let tally = each(specimen, cases);
    assert!(tally.refused["CORRUPT"] >= pairs.len(), "each of them is noticed");
    tally.report("pieces");
}

fn pieces(specimen: &Specimen) -> Vec<i64> {
    specimen.files.write(&specimen.path());
    let connection = Connection::open(specimen.path()).unwrap();
    let mut statement =
        connection.prepare("select id from fresh where id in (select piece from piece_hash) order by id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_manifest_of_random_bytes() {
    let specimen = Specimen::closed();
    let mut dice = Dice(3);
    let mut compressor = Compressor::new().unwrap();
    let mut noise = |form: usize| {
        let mut manifest: Vec<u8> = (0..dice.below(300)).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
        match form {
            0 => return manifest,
            // Random inside a sound packing, and an empty document with a check that is not its own.
            1 => {}
            _ => manifest = b"\0\0\0\0\0\0\0\0\0{}".to_vec(),
        }
        let mut packed = Vec::new();
        compressor.pack(&manifest, &mut packed).unwrap();
        packed
    };
    let mut cases = Vec::new();
    for (table, column, row) in [
        ("alone", "data", "(select body from trace where id = 1)"),
        ("alone", "data", "(select body from session where id = 1)"),
        ("alone", "data", "(select body from config_snapshot where id = 1)"),
        ("fresh", "data", "(select max(body) from span)"),
        ("block", "data", "1"),
    ] {
        for form in [0, 0, 0, 1, 1, 1, 2] {
            let manifest = noise(form);
            cases.push(altered(&specimen, &format!("{table} {manifest:?}"), |connection| {
                let sql = format!("update {table} set {column} = ?1 where id = {row}");
                assert_eq!(connection.execute(&sql, [&manifest]).unwrap(), 1);
            }));
        }
    }
    each(specimen, cases).report("manifests");
}
