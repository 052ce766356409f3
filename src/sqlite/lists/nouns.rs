//! Pages of traces and sessions: every filter with every other, as conditions on a walk through the list.

use super::scan::{Condition, Index, ListQuery, Source};
use crate::error::Result;
use crate::model::answer::ListPage;
use crate::model::query::{SessionFilter, TraceFilter};
use crate::model::word::Word;
use crate::sqlite::documents::assemble::Assembler;
use crate::sqlite::documents::{session, trace};
use crate::sqlite::facets::facet::{Facet, Kind};

const TRACES: Source =
    Source { table: "trace", time: "started_at", by_time: "trace_by_time", count: |counts| counts.traces };

const SESSIONS: Source =
    Source { table: "session", time: "updated_at", by_time: "session_by_time", count: |counts| counts.sessions };

/// Adds a page of traces to an answer, the latest start first.
pub fn traces(assembler: &mut Assembler<'_>, filter: &TraceFilter) -> Result<ListPage> {
    let mut conditions = Vec::new();
    if let Some(agent) = &filter.agent_name {
        let facet = Some(Facet::new(Kind::Agent, agent));
        let index = Index::Named("trace_by_agent");
        conditions.push(Condition { index, column: "agent_name", value: Box::new(agent), facet });
    }
    if let Some(session) = &filter.session_id {
        // Without a facet: few traces each, and as many sessions as there may be.
        let index = Index::Named("trace_by_session");
        conditions.push(Condition { index, column: "session_id", value: Box::new(session), facet: None });
    }
    if let Some(user) = filter.user_id {
        let facet = Some(Facet::of_user(Kind::User, user));
        let index = Index::Named("trace_by_user");
        conditions.push(Condition { index, column: "user_id", value: Box::new(user), facet });
    }
    if let Some(status) = filter.status.map(Word::as_str) {
        let facet = Some(Facet::new(Kind::Status, status));
        let index = Index::Named("trace_by_status");
        conditions.push(Condition { index, column: "status", value: Box::new(status), facet });
    }
    conditions.extend(tagged("trace_tag", Kind::Tag, &filter.tags));
    let query = ListQuery { source: &TRACES, conditions, after: filter.after, before: filter.before };
    query.page(assembler.connection, &filter.page, |id| {
        let row = trace::by_row(assembler.connection, id)?;
        assembler.push(&row.trace.header(), &row.body)
    })
}

/// Adds a page of sessions to an answer, the latest update first.
pub fn sessions(assembler: &mut Assembler<'_>, filter: &SessionFilter) -> Result<ListPage> {
    let mut conditions = Vec::new();
    if let Some(user) = filter.user_id {
        let facet = Some(Facet::of_user(Kind::SessionUser, user));
        let index = Index::Named("session_by_user");
        conditions.push(Condition { index, column: "user_id", value: Box::new(user), facet });
    }
    conditions.extend(tagged("session_tag", Kind::SessionTag, &filter.tags));
    let query = ListQuery { source: &SESSIONS, conditions, after: None, before: None };
    query.page(assembler.connection, &filter.page, |id| {
        let row = session::by_row(assembler.connection, id)?;
        assembler.push(&row.session.header(), &row.body)
    })
}

/// A condition for each tag.
fn tagged<'a>(table: &'static str, kind: Kind, tags: &'a [String]) -> impl Iterator<Item = Condition<'a>> {
    tags.iter().map(move |tag| {
        let facet = Some(Facet::new(kind, tag));
        Condition { index: Index::Tags(table), column: "tag", value: Box::new(tag), facet }
    })
}
