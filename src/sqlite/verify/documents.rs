//! Every document: its manifest is sound, its pieces are there, and both are what went in; owner by owner.

use super::Check;
use super::owners::Owned;
use crate::content::{Manifest, PieceHash};
use crate::error::{Error, Result};
use crate::model::job::Area;
use crate::sqlite::piece::Owner;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

const TRACE: (Area, &str) = (Area::Documents, "trace");
const SPAN: (Area, &str) = (Area::Documents, "span");
const SESSION: (Area, &str) = (Area::Documents, "session");
const CONFIG_SNAPSHOT: (Area, &str) = (Area::Documents, "config_snapshot");

/// See the module.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    traces(check)?;
    sessions(check)?;
    config_snapshots(check)?;
    Owned::of_nobody(check)?;
    check.each(SPAN, include_str!("../sql/verify_span_orphans.sql"), [], |check, row| {
        let span: String = row.get(0)?;
        check.report.find(Area::Documents, format!("span {span:?} belongs to a trace that is not there"));
        Ok(())
    })
}

fn traces(check: &mut Check<'_>) -> Result<()> {
    Owned::beside(check, Owner::Trace(0), |check, owned| {
        check.each(TRACE, include_str!("../sql/verify_traces.sql"), [], |check, row| {
            let (id, started): (i64, bool) = (row.get("id")?, row.get("started")?);
            let name = format!("trace {:?}", row.get::<_, String>("trace_id")?);
            let mut bodies = Bodies::default();
            let body: Option<Vec<u8>> = row.get("body")?;
            if started {
                check.report.counts.traces += 1;
                let sound = match body {
                    Some(body) => bodies.check_packed(check, &body),
                    None => Err(Error::corrupt("it was started and has no body")),
                };
                check.note(sound, Area::Documents, || name.clone())?;
            }
            spans(check, &mut bodies, id, &name)?;
            owned.compare(check, Owner::Trace(id), &name, &bodies)
        })
    })
}

fn spans(check: &mut Check<'_>, bodies: &mut Bodies, trace: i64, trace_name: &str) -> Result<()> {
    check.each(SPAN, include_str!("../sql/verify_spans.sql"), [trace], |check, row| {
        check.report.counts.spans += 1;
        let span: String = row.get(0)?;
        let entry: i64 = row.get(1)?;
        check.manifests.note(entry);
        let manifest = check.blocks.manifest(check.connection, check.compressor, entry);
        let sound = bodies.check(check, manifest);
        check.note(sound, Area::Documents, || format!("span {span:?} of {trace_name}"))
    })
}

fn sessions(check: &mut Check<'_>) -> Result<()> {
    Owned::beside(check, Owner::Session(0), |check, owned| {
        check.each(SESSION, include_str!("../sql/verify_sessions.sql"), [], |check, row| {
            check.report.counts.sessions += 1;
            let name = format!("session {:?}", row.get::<_, String>(1)?);
            alone(check, owned, Owner::Session(row.get(0)?), &name, &row.get::<_, Vec<u8>>(2)?)
        })
    })
}

fn config_snapshots(check: &mut Check<'_>) -> Result<()> {
    Owned::beside(check, Owner::ConfigSnapshot(0), |check, owned| {
        check.each(CONFIG_SNAPSHOT, include_str!("../sql/verify_config_snapshots.sql"), [], |check, row| {
            check.report.counts.config_snapshots += 1;
            let name = format!("config snapshot {:?}", row.get::<_, String>(1)?);
            alone(check, owned, Owner::ConfigSnapshot(row.get(0)?), &name, &row.get::<_, Vec<u8>>(2)?)
        })
    })
}

/// An owner with one document.
fn alone(check: &mut Check<'_>, owned: &mut Owned<'_>, owner: Owner, name: &str, body: &[u8]) -> Result<()> {
    let mut bodies = Bodies::default();
    let sound = bodies.check_packed(check, body);
    check.note(sound, Area::Documents, || name.to_owned())?;
    owned.compare(check, owner, name, &bodies)
}

/// What the documents of one owner use.
#[derive(Default)]
pub struct Bodies {
    pub used: BTreeSet<i64>,
    /// Some manifest could not be read: more may be used than is known.
    pub incomplete: bool,
    hashes: HashMap<i64, PieceHash>,
}

impl Bodies {
    /// `check` for the column of a body.
    fn check_packed(&mut self, check: &mut Check<'_>, body: &[u8]) -> Result<()> {
        let manifest = check.compressor.unpack(body).and_then(|bytes| Manifest::from_bytes(&bytes));
        self.check(check, manifest)
    }

    /// Fails unless the manifest stands for the text that went in.
    fn check(&mut self, check: &mut Check<'_>, manifest: Result<Manifest>) -> Result<()> {
        let manifest = manifest.inspect_err(|_| self.incomplete = true)?;
        self.used.extend(manifest.holes.iter().map(|hole| hole.piece));
        let hashes = manifest.holes.iter().map(|hole| self.hash(check, hole.piece));
        manifest.verify(&hashes.collect::<Result<Vec<_>>>()?)
    }

    /// Of the text that is stored, whatever hash is stored with it.
    fn hash(&mut self, check: &mut Check<'_>, id: i64) -> Result<PieceHash> {
        match self.hashes.entry(id) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(unknown) => {
                let text = check
                    .blocks
                    .text(check.connection, check.compressor, id)
                    .map_err(|error| error.at(&format!("piece {id}")))?;
                Ok(*unknown.insert(PieceHash::of(&text)))
            }
        }
    }
}
