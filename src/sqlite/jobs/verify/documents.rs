//! Every document: its manifest is sound, its pieces are there, and both are what went in; owner by owner.

use super::check::Check;
use super::owners::Owned;
use super::used::UsedPieces;
use crate::content::Form;
use crate::documents::given_keys::GivenKeys;
use crate::documents::pieces::owner::Owner;
use crate::documents::rows::span::SpanRows;
use crate::documents::rows::trace::TraceRows;
use crate::error::{Error, Result};
use crate::model::body::Body;
use crate::model::job::Area;
use crate::model::link::{Link, LinkEnd};
use crate::model::word::SpanState;
use crate::sqlite::rows::{annotation, config_snapshot, link, score, span};

const TRACE: (Area, &str) = (Area::Documents, "trace");
const SPAN: (Area, &str) = (Area::Documents, "span");
const SPAN_WORD: (Area, &str) = (Area::Documents, "span_word");
const SCORE: (Area, &str) = (Area::Documents, "score");
const ANNOTATION: (Area, &str) = (Area::Documents, "annotation");
const LINK: (Area, &str) = (Area::Documents, "link");
const SESSION: (Area, &str) = (Area::Documents, "session");
const CONFIG_SNAPSHOT: (Area, &str) = (Area::Documents, "config_snapshot");

/// Every document of every owner, beside the owners of pieces.
pub fn check(check: &mut Check<'_>) -> Result<()> {
    traces(check)?;
    sessions(check)?;
    config_snapshots(check)?;
    Owned::of_nobody(check)?;
    check.each(SPAN, include_str!("sql/span_orphans.sql"), [], |check, row| {
        let span: String = row.get(0)?;
        check.report.find(Area::Documents, format!("span {span:?} belongs to a trace that is not there"));
        Ok(())
    })?;
    check.each(SPAN_WORD, include_str!("sql/span_word_orphans.sql"), [], |check, row| {
        let (trace, span): (i64, i64) = (row.get(0)?, row.get(1)?);
        check.report.find(Area::Documents, format!("a word is on span {span} of trace {trace}, which is not there"));
        Ok(())
    })?;
    check.each(SCORE, include_str!("sql/said_orphans.sql"), [], |check, row| {
        let (noun, id): (String, String) = (row.get(0)?, row.get(1)?);
        check.report.find(Area::Documents, format!("{noun} {id:?} belongs to a trace that is not there"));
        Ok(())
    })?;
    check.each(LINK, include_str!("sql/links.sql"), [], |check, row| {
        let found = link::from_row(row)?;
        found.link.attributes.as_deref().map_or(Ok(()), require_object)?;
        if found.row.place > 0 && !has_source(check, row.get("tenant")?, &found.link)? {
            check.report.find(Area::Documents, format!("link {} is given by a span that is not there", found.row.id));
        }
        Ok(())
    })
}

fn has_source(check: &mut Check<'_>, tenant: i64, link: &Link) -> Result<bool> {
    let LinkEnd::Span { trace_id, span_id } = &link.from else { return Ok(false) };
    let Some(trace) = check.rows.find_trace(tenant, trace_id)? else { return Ok(false) };
    Ok(check.rows.find_span(trace.id, span_id)?.is_some())
}

fn require_object(text: &str) -> Result<()> {
    Body::parse(text).map(|_| ())
}

fn traces(check: &mut Check<'_>) -> Result<()> {
    Owned::beside(check, Owner::Trace(0), |check, owned| {
        check.each(TRACE, include_str!("sql/traces.sql"), [], |check, row| {
            let (tenant, id): (i64, i64) = (row.get("tenant")?, row.get("id")?);
            let name = format!("trace {:?}{}", row.get::<_, String>("trace_id")?, check.owner_words(tenant)?);
            let mut used = UsedPieces::of(check, owned, Owner::Trace(id), &name)?;
            let shown = u64::from(row.get::<_, bool>("is_shown")?);
            check.report.counts.traces += shown;
            check.found(tenant).traces += shown;
            let sound = used.check(check, 0, row.get("body")?).and_then(Form::require_object);
            check.note(sound, Area::Documents, || name.clone())?;
            let before = check.report.counts.spans;
            spans(check, &mut used, id, &name)?;
            said(check, &mut used, id, &name)?;
            check.found(tenant).spans += check.report.counts.spans - before;
            used.compare(check);
            Ok(())
        })
    })
}

fn spans(check: &mut Check<'_>, used: &mut UsedPieces, trace: i64, trace_name: &str) -> Result<()> {
    check.each(SPAN, include_str!("sql/spans.sql"), [trace], |check, row| {
        let (id, span): (i64, String) = (row.get("id")?, row.get("span_id")?);
        let name = format!("span {span:?} of {trace_name}");
        let body: Option<i64> = row.get("body")?;
        let columns = span::from_row("", row);
        let is_shown = columns.as_ref().map_or(true, |span| span.state != SpanState::Awaited);
        check.report.counts.spans += u64::from(is_shown);
        let sound = body.map_or(Ok(Form::Object), |body| used.check(check, id, body));
        let sound = sound.and_then(Form::require_object).and_then(|()| {
            if is_shown && columns?.started_at.is_none() {
                return Err(Error::corrupt("it has no start"));
            }
            Ok(())
        });
        check.note(sound, Area::Documents, || name.clone())?;
        span_words(check, used, (trace, id), &name)
    })
}

fn span_words(check: &mut Check<'_>, used: &mut UsedPieces, (trace, span): (i64, i64), name: &str) -> Result<()> {
    check.each(SPAN_WORD, include_str!("sql/span_words.sql"), (trace, span), |check, row| {
        let sound = used.check(check, span, row.get("body")?).and_then(|form| {
            let keys = GivenKeys::from_bytes(row.get_ref("keys")?.as_blob().map_err(rusqlite::Error::from)?)?;
            if keys.add_events() == (form == Form::List) {
                return Ok(());
            }
            Err(Error::corrupt("its keys tell another form of word"))
        });
        check.note(sound, Area::Documents, || format!("a later word on {name}"))
    })
}

/// Scores and annotations: their bodies are the trace's.
fn said(check: &mut Check<'_>, used: &mut UsedPieces, trace: i64, trace_name: &str) -> Result<()> {
    check.each(SCORE, include_str!("sql/scores.sql"), [trace], |check, row| {
        let found = score::from_row(row)?;
        let sound = used.check(check, -found.row.id, found.row.body).and_then(Form::require_object);
        check.note(sound, Area::Documents, || format!("score {:?} of {trace_name}", found.score.id))
    })?;
    check.each(ANNOTATION, include_str!("sql/annotations.sql"), [trace], |check, row| {
        let found = annotation::from_row(row)?;
        let sound = used.check(check, -found.row.id, found.row.body).and_then(Form::require_object);
        check.note(sound, Area::Documents, || format!("annotation {:?} of {trace_name}", found.annotation.id))
    })
}

fn sessions(check: &mut Check<'_>) -> Result<()> {
    Owned::beside(check, Owner::Session(0), |check, owned| {
        check.each(SESSION, include_str!("sql/sessions.sql"), [], |check, row| {
            check.report.counts.sessions += 1;
            let tenant = row.get("tenant")?;
            check.found(tenant).sessions += 1;
            let name = format!("session {:?}{}", row.get::<_, String>(1)?, check.owner_words(tenant)?);
            alone(check, owned, Owner::Session(row.get(0)?), &name, row.get(2)?)
        })
    })
}

fn config_snapshots(check: &mut Check<'_>) -> Result<()> {
    Owned::beside(check, Owner::ConfigSnapshot(0), |check, owned| {
        check.each(CONFIG_SNAPSHOT, include_str!("sql/config_snapshots.sql"), [], |check, row| {
            check.report.counts.config_snapshots += 1;
            let tenant = row.get("tenant")?;
            check.found(tenant).config_snapshots += 1;
            let name = format!("config snapshot {:?}{}", row.get::<_, String>(1)?, check.owner_words(tenant)?);
            config_snapshot::from_row(row)?;
            alone(check, owned, Owner::ConfigSnapshot(row.get(0)?), &name, row.get("body")?)
        })
    })
}

/// An owner with one document.
fn alone(check: &mut Check<'_>, owned: &mut Owned<'_>, owner: Owner, name: &str, body: Option<i64>) -> Result<()> {
    let mut used = UsedPieces::of(check, owned, owner, name)?;
    let sound = body.map_or(Ok(()), |body| used.check(check, 0, body).and_then(Form::require_object));
    check.note(sound, Area::Documents, || name.to_owned())?;
    used.compare(check);
    Ok(())
}
