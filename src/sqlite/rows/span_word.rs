//! Rows of span words.

use super::SqliteRows;
use crate::documents::rows::span_word::{SpanWordRow, SpanWordRows};
use crate::error::Result;
use std::collections::HashMap;

impl SpanWordRows for SqliteRows<'_> {
    fn insert_span_word(&mut self, word: &SpanWordRow) -> Result<()> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_word_insert.sql"))?;
        statement.execute((word.trace, word.span, word.place, &word.keys, word.body))?;
        Ok(())
    }

    fn span_words(&mut self, trace: i64, span: i64, most: u32) -> Result<Vec<SpanWordRow>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_word_last.sql"))?;
        let found = statement.query_map((trace, span, most), |row| {
            Ok(SpanWordRow { trace, span, place: row.get(0)?, keys: row.get(1)?, body: row.get(2)? })
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn remove_span_word(&mut self, word: &SpanWordRow) -> Result<()> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_word_delete.sql"))?;
        statement.execute((word.trace, word.span, word.place))?;
        Ok(())
    }
}

impl SqliteRows<'_> {
    /// Places and entries of all words of a trace, in the order of the places.
    pub fn words_by_span(&self, tenant: i64, trace_id: &str) -> Result<HashMap<i64, Vec<(i64, i64)>>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/span_word_list.sql"))?;
        let mut rows = statement.query((tenant, trace_id))?;
        let mut words: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
        while let Some(row) = rows.next()? {
            words.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
        }
        Ok(words)
    }
}
