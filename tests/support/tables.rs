//! Changes the tables of a sound file as somebody would who crafts one, and looks whether that harms whoever opens it.
//!
//! Used by a test, with seeded choices, and by a fuzz target, with the fuzzer's.

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tracestore::content::Compressor;
use tracestore::error::{Code, Error};
use tracestore::model::answer::Answer;
use tracestore::model::job::Progress;
use tracestore::model::{Job, Op, Query, TenantName};
use tracestore::sqlite::backend::SqliteBackend;
use tracestore::sqlite::file::checked;
use tracestore::store::backend::{Backend, JobListener, OpGroup, SizedOp};
use tracestore::store::options::Options;

/// What is chosen, four bytes a choice; zero once there are none left.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    fn below(&mut self, end: usize) -> usize {
        let Some((bytes, rest)) = self.0.split_first_chunk::<4>() else { return 0 };
        self.0 = rest;
        usize::try_from(u32::from_le_bytes(*bytes)).unwrap() % end.max(1)
    }

    fn one<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }
}

/// What takes the place of a value, as SQL; `{}` is its column.
const VALUES: &[&str] = &[
    "null",
    "0",
    "1",
    "2",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "4611686018427387903",
    "0.5",
    "9e999",
    "''",
    "'1'",
    "'running'",
    "'[\"a\",\"b\"]'",
    "'[[[['",
    "cast(x'ff00fe' as text)",
    "x''",
    "x'00'",
    "x'0128b52ffd'",
    "zeroblob(513)",
    "zeroblob(300000)",
    "cast(zeroblob(100000) as text)",
    "{} + 1",
    "{} - 1",
    "-{}",
    "{} || 'x'",
    "cast({} as text)",
    "cast({} as blob)",
];

/// What is done to the schema.
const SCHEMAS: &[&str] = &[
    "create trigger a after insert on span begin delete from trace; end",
    "create trigger b before update on state begin select raise(abort, 'no'); end",
    "create view c as with recursive n(i) as (select 1 union all select i + 1 from n) select * from n",
    "create table d (x)",
    "create virtual table e using fts5 (x)",
    "create index f on trace (agent_version)",
    "create unique index g on span (trace)",
    "drop table facet",
    "drop table state",
    "drop index span_by_nothing",
    "drop index session_by_user_id",
    "alter table span drop column tool_type",
    "alter table trace rename column body to corpse",
    "alter table block add column more integer",
    "pragma user_version = 0",
    "pragma user_version = -3",
    "pragma user_version = 77",
    "pragma application_id = 0",
    "pragma writable_schema = on; update sqlite_schema set rootpage = 3 where name = 'span'",
    "pragma writable_schema = on; update sqlite_schema set rootpage = 99999 where name = 'block'",
    "pragma writable_schema = on; update sqlite_schema set rootpage = 5 where name = 'trace_by_status'",
    "pragma writable_schema = on; update sqlite_schema set sql = 'create table' where name = 'fresh'",
    "pragma writable_schema = on; update sqlite_schema set type = 'view' where name = 'fresh'",
    "pragma writable_schema = on; delete from sqlite_schema where name = 'piece_hash'",
    "pragma writable_schema = on; insert into sqlite_schema select * from sqlite_schema",
];

/// Changes up to four things; what SQLite does not let through stays as it is. Says what was tried.
pub fn mutate(path: &Path, choices: &mut Choices<'_>) -> String {
    let made = loosen(path);
    let connection = open(path);
    let mut tried = Vec::new();
    for _ in 0..=choices.below(4) {
        tried.push(change(&connection, choices));
    }
    drop(connection);
    restore(path, &made);
    if choices.below(8) == 0 {
        let schema = choices.one(SCHEMAS);
        let _ = open(path).execute_batch(schema);
        tried.push(schema.to_owned());
    }
    tried.join("; ")
}

fn open(path: &Path) -> Connection {
    checked::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap()
}

/// Takes from the tables what keeps rows sound: types, and what must not be null. Returns their statements.
fn loosen(path: &Path) -> Vec<(String, String)> {
    let connection = open(path);
    let mut statement = connection.prepare("select name, sql from sqlite_schema where type = 'table'").unwrap();
    let made = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let made: Vec<(String, String)> = made.map(Result::unwrap).collect();
    drop(statement);
    let loose = |sql: &str| {
        let sql = sql.replace(") strict, without rowid", ") without rowid").replace(") strict", ")");
        sql.replace(" not null", "").replace(" check (id = 1)", "")
    };
    set_schema(&connection, made.iter().map(|(name, sql)| (name.as_str(), loose(sql))));
    made
}

fn restore(path: &Path, made: &[(String, String)]) {
    set_schema(&open(path), made.iter().map(|(name, sql)| (name.as_str(), sql.clone())));
}

fn set_schema<'a>(connection: &Connection, tables: impl Iterator<Item = (&'a str, String)>) {
    connection.execute_batch("pragma writable_schema = on").unwrap();
    for (name, sql) in tables {
        connection.execute("update sqlite_schema set sql = ?2 where name = ?1", (name, sql)).unwrap();
    }
}

/// One change of one row.
fn change(connection: &Connection, choices: &mut Choices<'_>) -> String {
    let tables = strings(connection, "select name from sqlite_schema where type = 'table' order by name");
    let table = &tables[choices.below(tables.len())];
    let columns = strings(connection, &format!("select name from pragma_table_info('{table}')"));
    let key = strings(connection, &format!("select name from pragma_table_info('{table}') where pk > 0")).join(", ");
    let rows: i64 = connection.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)).unwrap_or(0);
    let mut row = || choices.below(usize::try_from(rows).unwrap());
    let (own, other) = (row(), row());
    let held = |at: usize| format!("({key}) = (select {key} from {table} limit 1 offset {at})");
    let column = &columns[choices.below(columns.len())];
    let sql = match choices.below(8) {
        0 => format!("delete from {table} where {}", held(own)),
        1 => format!(
            "update or ignore {table} set {column} = (select {column} from {table} where {}) where {}",
            held(other),
            held(own)
        ),
        2 => format!("update or ignore {table} set {column} = {}", choices.one(VALUES).replace("{}", column)),
        3 | 4 if columns.iter().any(|name| name == "data") => {
            return change_data(connection, choices, table, &held(own));
        }
        _ => {
            let value = choices.one(VALUES).replace("{}", column);
            format!("update or ignore {table} set {column} = {value} where {}", held(own))
        }
    };
    let _ = connection.execute(&sql, []);
    sql
}

/// Changes the bytes of an entry or a block, as they lie there or inside of what they are packed in.
fn change_data(connection: &Connection, choices: &mut Choices<'_>, table: &str, held: &str) -> String {
    let data = connection.query_row(&format!("select data from {table} where {held}"), [], |row| row.get(0));
    let Ok(Value::Blob(mut data)) = data else { return String::new() };
    let mut compressor = Compressor::new().unwrap();
    let inside = if choices.below(2) == 0 { compressor.unpack(&data).ok() } else { None };
    let is_inside = inside.is_some();
    let mut bytes = inside.unwrap_or_else(|| std::mem::take(&mut data));
    for _ in 0..=choices.below(3) {
        let at = choices.below(bytes.len());
        match choices.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), u8::try_from(choices.below(256)).unwrap()),
            2 => bytes.extend_from_within(at.min(bytes.len())..),
            _ if at < bytes.len() => bytes[at] = u8::try_from(choices.below(256)).unwrap(),
            _ => {}
        }
    }
    let mut stored = Vec::new();
    if is_inside {
        compressor.pack(&bytes, &mut stored).unwrap();
    } else {
        stored = bytes;
    }
    let _ = connection.execute(&format!("update {table} set data = ?1 where {held}"), [stored]);
    format!("bytes of {table} where {held}")
}

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Opens, reads, checks and writes; fails at what no file may cause.
pub fn examine(path: &Path, queries: &[Query], writes: &[Op]) {
    for readonly in [true, false] {
        let backend = backend(path, readonly);
        for query in queries {
            let answer = backend.open_reader().and_then(|mut reader| reader.answer(query));
            answer.map_or_else(|error| judge(&error, &[]), |answer| well_formed(&answer));
        }
        let patient: Arc<dyn JobListener> = Arc::new(Patient);
        let checked = backend.open_reader().and_then(|mut reader| reader.perform(&Job::Verify, &patient));
        checked.map_or_else(|error| judge(&error, &[]), drop);
    }
    let mut writer = match backend(path, false).open_writer(Duration::from_secs(5)) {
        Ok(writer) => writer,
        Err(error) => return judge(&error, &[]),
    };
    for op in writes {
        let ops = [SizedOp { tenant: TenantName::default(), op: op.clone(), bytes: 1 }];
        let group = OpGroup { ops: &ops, patience: Duration::from_secs(5) };
        for error in writer.apply_group(&group).into_iter().filter_map(Result::err) {
            judge(&error, &[Code::NotFound, Code::AlreadyExists]);
        }
    }
    writer.close();
}

fn backend(path: &Path, readonly: bool) -> SqliteBackend {
    let text = json!({"path": path, "memory": false, "readonly": readonly, "durability": "process", "locking": "shared",
        "busyTimeoutMs": 5000, "maxQueueBytes": 1 << 20, "onFull": "block", "blockTimeoutMs": 5000, "exitTimeoutMs": 5000});
    let options = Options::parse(&text.to_string()).unwrap();
    let file = SqliteBackend::prepare(&options).unwrap();
    SqliteBackend::new(options, file)
}

fn judge(error: &Error, also: &[Code]) {
    let clear = [Code::Corrupt, Code::Unsupported, Code::SchemaTooNew];
    assert!(clear.contains(&error.code) || also.contains(&error.code), "{error}");
    assert!(error.message.len() < 2000, "a message of {} bytes", error.message.len());
}

/// What is no JSON the TypeScript side refuses; what is must be put together as it was meant.
fn well_formed(answer: &Answer) {
    let Answer::Documents(documents) = answer else { return };
    let Ok(text) = serde_json::from_str::<serde_json::Value>(&answer.clone().into_parts(usize::MAX).concat()) else {
        return;
    };
    let count = |key: &str| text[key].as_array().map(Vec::len);
    assert_eq!(
        text.as_object().unwrap().len() - usize::from(documents.page.is_some()),
        2 + documents
            .page
            .as_ref()
            .map_or(0, |page| usize::from(page.total.is_some()) + usize::from(page.next_cursor.is_some()))
    );
    assert_eq!((count("pieces"), count("docs")), (Some(documents.pieces.len()), Some(documents.documents.len())));
}

struct Patient;

impl JobListener for Patient {
    fn progress(&self, _: Progress) {}
    fn is_over(&self) -> bool {
        false
    }
}
