//! How the model's values stand in columns.

use crate::model::fact::{Fact, FactType};
use crate::model::facts::{FactValue, Facts};
use crate::model::number::Number;
use crate::model::time::Nanos;
use crate::model::word::Word;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Row, RowIndex};

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match self {
            Self::Whole(whole) => Value::Integer(*whole),
            Self::Real(real) => Value::Real(*real),
        }))
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Integer(whole) => Ok(Self::Whole(whole)),
            ValueRef::Real(real) => Ok(Self::Real(real)),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

impl ToSql for Nanos {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Nanos {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

impl ToSql for FactValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Number(number) => number.to_sql(),
            Self::Flag(flag) => flag.to_sql(),
        }
    }
}

/// The facts in the columns from `first` on, of which there is one for each.
pub fn facts(row: &Row<'_>, first: usize, of: impl Iterator<Item = Fact>) -> rusqlite::Result<Facts> {
    let mut facts = Facts::default();
    for (fact, at) in of.zip(first..) {
        if row.get_ref(at)? == ValueRef::Null {
            continue;
        }
        let value = match fact.entry().of {
            FactType::Text | FactType::Json => FactValue::Text(row.get(at)?),
            FactType::Number => FactValue::Number(row.get(at)?),
            FactType::Flag => FactValue::Flag(row.get(at)?),
        };
        facts.set(fact, Some(value));
    }
    Ok(facts)
}

/// A list of strings in a column of JSON text.
pub struct Strings(pub Vec<String>);

impl FromSql for Strings {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// The JSON text of a list of strings.
pub fn strings_text(strings: &[String]) -> String {
    serde_json::Value::from(strings).to_string()
}

/// The word in a column.
pub fn word<W: Word>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<W> {
    Ok(row.get::<_, Spelt<W>>(column)?.0)
}

/// The word in a column that may be empty.
pub fn optional_word<W: Word>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<W>> {
    Ok(row.get::<_, Option<Spelt<W>>>(column)?.map(|spelt| spelt.0))
}

/// What stands in a column for a word that may be unknown.
pub fn spelt(word: Option<impl Word>) -> Option<&'static str> {
    word.map(Word::as_str)
}

/// A word as the contract spells it.
struct Spelt<W>(W);

impl<W: Word> FromSql for Spelt<W> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        W::parse(value.as_str()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}
