//! The row of `state`: nothing has a number that is still to be given out.

use super::check::Check;
use crate::error::Result;
use crate::model::job::Area;
use crate::sqlite::numbers;

/// Compares the row of `state`.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    let compared = numbers(check);
    check.note(compared, Area::Database, || "the numbers of the row of state".to_owned())
}

fn numbers(check: &mut Check<'_>) -> Result<()> {
    numbers::read(check.connection)?;
    let mut statement = check.connection.prepare_cached(include_str!("sql/given.sql"))?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(()) };
    for noun in ["tenant", "trace", "span", "session", "config_snapshot", "said", "engine", "entry"] {
        let (given, greatest): (i64, i64) = (row.get(noun)?, row.get(format!("greatest_{noun}").as_str())?);
        if given < greatest {
            let message = format!("state says that {noun} {given} was given out last, and there is {noun} {greatest}");
            check.report.find(Area::Pieces, message);
        }
    }
    let (given, greatest): (i64, i64) = (row.get("seq")?, row.get("greatest_seq")?);
    if given < greatest {
        let message = format!(
            "state says that place {given} in the order of writing was given out last, and there is {greatest}"
        );
        check.report.find(Area::Lists, message);
    }
    Ok(())
}
