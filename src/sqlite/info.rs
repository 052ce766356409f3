//! What the file knows of itself.

use crate::error::Result;
use crate::model::Answer;
use crate::model::answer::{FileInfo, Info};
use crate::sqlite::counts;
use crate::sqlite::file::identity::sidecar;
use crate::sqlite::file::migrations;
use crate::sqlite::file::signals::Signals;
use crate::store::options::Options;
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::Ordering;

/// Sizes, counts and versions, as the snapshot has them.
pub fn answer(snapshot: &Connection, options: &Options, signals: &Signals) -> Result<Answer> {
    let pragma = |name: &str| snapshot.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    let page_bytes = pragma("page_size")?;
    let (counts, bytes_in) = counts::of_file(snapshot)?;
    let file = FileInfo {
        file_bytes: if options.memory { page_bytes * pragma("page_count")? } else { length(&options.path) },
        wal_bytes: if options.memory { 0 } else { length(&sidecar(&options.path, "-wal")) },
        counts,
        schema_version: migrations::newest(),
        wal_blocked: signals.wal_blocked.load(Ordering::Relaxed),
        bytes_in,
        bytes_stored: page_bytes * (pragma("page_count")? - pragma("freelist_count")?),
    };
    Ok(Answer::Info(Box::new(Info { file, ..Info::default() })))
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}
