//! Recounts what the file says of itself: how many of each noun, and which rows share a value.

use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Fails unless the counts are those of the tables, and each facet has exactly its rows.
pub fn recount(connection: &Connection) {
    let counts = "select traces, spans, sessions, config_snapshots from state";
    let tables = "select (select count(*) from trace where seq is not null), (select count(*) from span),
        (select count(*) from session), (select count(*) from config_snapshot)";
    let four = |sql| {
        connection.query_row(sql, [], |row| Ok([0, 1, 2, 3].map(|column| row.get_unwrap::<_, i64>(column)))).unwrap()
    };
    assert_eq!(four(counts), four(tables), "counts");
    assert_eq!(kept(connection), expected(connection), "facets");
}

type Facets = BTreeMap<(i64, String), BTreeSet<i64>>;

fn kept(connection: &Connection) -> Facets {
    let mut facets = Facets::new();
    let mut statement = connection.prepare("select kind, value, part, members from facet").unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (part, members): (i64, Vec<u8>) = (row.get_unwrap(2), row.get_unwrap(3));
        assert!(!members.is_empty() && members.len() <= 513, "a part that nobody is in, or too long");
        let places: Vec<i64> = if members.len() == 513 {
            assert_eq!(members[512], 0xff, "the end mark");
            (0..4096_u16)
                .filter(|place| members[usize::from(place / 8)] >> (place % 8) & 1 == 1)
                .map(i64::from)
                .collect()
        } else {
            members.chunks(2).map(|place| i64::from(u16::from_le_bytes([place[0], place[1]]))).collect()
        };
        let facet = facets.entry((row.get_unwrap(0), row.get_unwrap(1))).or_default();
        facet.extend(places.iter().map(|place| part * 4096 + place));
    }
    facets
}

fn expected(connection: &Connection) -> Facets {
    let values = "select 0, agent_name, id from trace where seq is not null
        union all select 1, status, id from trace where seq is not null
        union all select 2, user_id, id from trace where seq is not null
        union all select 3, tag.value, trace.id from trace, json_each(tags) tag where seq is not null
        union all select 4, user_id, id from session
        union all select 5, tag.value, session.id from session, json_each(tags) tag";
    let mut facets = Facets::new();
    let mut statement = connection.prepare(values).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let value = match row.get_unwrap(1) {
            Value::Text(text) => text,
            Value::Integer(whole) => whole.to_string(),
            Value::Real(real) => real.to_string(),
            other => panic!("{other:?}"),
        };
        facets.entry((row.get_unwrap(0), value)).or_default().insert(row.get_unwrap(2));
    }
    facets
}
