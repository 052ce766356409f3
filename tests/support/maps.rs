//! The row operations of documents over plain maps: what a database must do for the rules, and nothing else.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use tracestore::content::PieceHash;
use tracestore::documents::rows::Rows;
use tracestore::documents::rows::annotation::StoredAnnotation;
use tracestore::documents::rows::config_snapshot::{ConfigSnapshotRow, ConfigSnapshotRows, StoredConfigSnapshot};
use tracestore::documents::rows::engine::EngineRows;
use tracestore::documents::rows::facet::{Facet, FacetRows, Membership};
use tracestore::documents::rows::link::StoredLink;
use tracestore::documents::rows::list::{FoundPlaces, ListRows, Place};
use tracestore::documents::rows::piece::OwnerUses;
use tracestore::documents::rows::score::StoredScore;
use tracestore::documents::rows::session::{SessionRow, SessionRows, StoredSession};
use tracestore::documents::rows::span::{KnownSpan, SpanRow, SpanRows, StoredSpan};
use tracestore::documents::rows::span_word::{SpanWordRow, SpanWordRows};
use tracestore::documents::rows::state::{Numbers, StateRows};
use tracestore::documents::rows::tenant::TenantRows;
use tracestore::documents::rows::trace::{KnownTrace, StoredTrace, TraceRow, TraceRows};
use tracestore::error::Result;
use tracestore::model::config_snapshot::ConfigSnapshot;
use tracestore::model::counts::NounCounts;
use tracestore::model::facts::Facts;
use tracestore::model::field::{Listed, Noun};
use tracestore::model::query::{ListRequest, Total};
use tracestore::model::score::ScoreMap;
use tracestore::model::session::{Session, SessionOutline};
use tracestore::model::span::Span;
use tracestore::model::tenant::{Tenant, TenantName};
use tracestore::model::time::Nanos;
use tracestore::model::trace::Trace;
use tracestore::model::usage::{SUMMED, SpanUsage, TraceSums};
use tracestore::model::word::{SpanKind, SpanState, TraceStatus};
use tracestore::model::writer_process::WriterProcess;

/// Whose document it is, and its name.
type Name = (i64, String);

/// All tables; a copy of them is a snapshot.
#[derive(Clone, Default)]
pub struct Maps {
    pub numbers: Numbers,
    /// Ids and counts by names.
    tenants: BTreeMap<String, (i64, [i64; 4])>,
    /// The ids of traces.
    names: BTreeMap<Name, i64>,
    pub traces: BTreeMap<i64, StoredTrace>,
    pub spans: BTreeMap<i64, KnownSpan>,
    /// By span and place.
    pub words: BTreeMap<(i64, i64), SpanWordRow>,
    pub sessions: BTreeMap<Name, StoredSession>,
    pub snapshots: BTreeMap<Name, StoredConfigSnapshot>,
    pub scores: BTreeMap<i64, StoredScore>,
    pub annotations: BTreeMap<i64, StoredAnnotation>,
    /// With their tenants.
    pub links: BTreeMap<i64, (i64, StoredLink)>,
    pub entries: BTreeMap<i64, Vec<u8>>,
    pub homes: HashMap<PieceHash, (i64, OwnerUses)>,
    /// By piece and owner.
    pub further: BTreeMap<(i64, i64), OwnerUses>,
}

impl Rows for Maps {}

impl TraceRows for Maps {
    fn find_trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<KnownTrace>> {
        let id = self.names.get(&(tenant, trace_id.to_owned()));
        let found = id.and_then(|id| self.traces.get(id));
        Ok(found.map(|StoredTrace { row, trace }| KnownTrace {
            id: row.id,
            version: row.version,
            derived: trace.derived,
            root: row.root,
            started_at: trace.started_at,
            engine: row.engine,
            is_summed: trace.is_summed(),
            is_awaited: trace.is_awaited(),
        }))
    }

    fn trace(&mut self, tenant: i64, trace_id: &str) -> Result<Option<StoredTrace>> {
        let id = self.names.get(&(tenant, trace_id.to_owned()));
        Ok(id.and_then(|id| self.traces.get(id)).cloned())
    }

    fn trace_by_id(&mut self, id: i64) -> Result<Option<StoredTrace>> {
        Ok(self.traces.get(&id).cloned())
    }

    fn trace_sums(&mut self, id: i64) -> Result<Option<TraceSums>> {
        let summed = |facts: &Facts| facts.clone().only(&SUMMED.map(|(_, facts)| facts).concat());
        Ok(self.traces.get(&id).map(|StoredTrace { trace, .. }| TraceSums {
            has_ended: trace.status != TraceStatus::Running,
            derived: trace.derived,
            facts: summed(&trace.facts),
        }))
    }

    fn write_trace_sums(&mut self, id: i64, changed_seq: i64, facts: &Facts) -> Result<()> {
        let StoredTrace { row, trace } = self.traces.get_mut(&id).unwrap();
        row.changed_seq = changed_seq;
        for fact in SUMMED.iter().flat_map(|(_, facts)| *facts) {
            trace.facts.set(*fact, facts.get(*fact).cloned());
        }
        Ok(())
    }

    fn set_trace_engine(&mut self, id: i64, engine: Option<i64>) -> Result<()> {
        self.traces.get_mut(&id).unwrap().row.engine = engine;
        Ok(())
    }

    fn write_trace(&mut self, tenant: i64, _: Option<&StoredTrace>, row: &TraceRow, trace: &Trace) -> Result<()> {
        self.names.insert((tenant, trace.trace_id.clone()), row.id);
        let scores = trace.scores.as_ref().map(|_| ScoreMap::new());
        let trace = Trace { body: String::new(), scores, ..trace.clone() };
        self.traces.insert(row.id, StoredTrace { row: *row, trace });
        Ok(())
    }

    fn trace_bodies(&mut self, id: i64) -> Result<Vec<i64>> {
        let spans = self.spans.values().filter(|known| known.row.trace == id).filter_map(|known| known.row.body);
        let words = self.words.values().filter(|word| word.trace == id).map(|word| word.body);
        let scores = self.scores.values().filter(|found| found.row.trace == id).map(|found| found.row.body);
        let annotations = self.annotations.values().filter(|found| found.row.trace == id).map(|found| found.row.body);
        let own = self.traces.get(&id).map(|trace| trace.row.body);
        Ok(spans.chain(words).chain(scores).chain(annotations).chain(own).collect())
    }
}

impl SpanRows for Maps {
    fn insert_span(&mut self, row: &SpanRow, span: &Span) -> Result<bool> {
        let is_new = self.find_span(row.trace, &span.span_id)?.is_none();
        if is_new {
            self.update_span(row, span)?;
        }
        Ok(is_new)
    }

    fn find_span(&mut self, trace: i64, span_id: &str) -> Result<Option<KnownSpan>> {
        let mut known = self.spans.values().filter(|known| known.row.trace == trace && known.span.span_id == span_id);
        Ok(known.next().cloned())
    }

    fn update_span(&mut self, row: &SpanRow, span: &Span) -> Result<()> {
        self.spans.insert(row.id, KnownSpan { row: *row, span: Span { body: String::new(), ..span.clone() } });
        Ok(())
    }

    fn first_root(&mut self, trace: i64) -> Result<Option<KnownSpan>> {
        let roots = self.shown(trace).filter(|known| known.span.parent_span_id.is_none());
        let first = roots.min_by_key(|known| (known.span.begin(), known.row.id));
        Ok(first.cloned())
    }

    fn span_usages(&mut self, trace: i64) -> Result<Vec<SpanUsage>> {
        let used = |KnownSpan { span, .. }: &KnownSpan| SpanUsage {
            span_id: span.span_id.clone(),
            parent_span_id: span.parent_span_id.clone(),
            is_llm: span.kind == Some(SpanKind::Llm),
            facts: span.facts.clone(),
        };
        Ok(self.shown(trace).map(used).collect())
    }

    fn earliest_start(&mut self, trace: i64) -> Result<Option<Nanos>> {
        Ok(self.shown(trace).map(|known| known.span.begin()).min())
    }

    fn spans(&mut self, tenant: i64, trace_id: &str, from: Nanos, newest: i64) -> Result<Vec<StoredSpan>> {
        let Some(trace) = self.find_trace(tenant, trace_id)? else { return Ok(Vec::new()) };
        let words =
            |span: i64| self.words.range((span, i64::MIN)..=(span, i64::MAX)).map(|(_, word)| (word.place, word.body));
        let stored = |KnownSpan { row, span }: &KnownSpan| StoredSpan {
            id: row.id,
            span: Span { trace_id: trace_id.to_owned(), ..span.clone() },
            engine: row.engine,
            body: row.body,
            words: words(row.id).collect(),
        };
        let mut spans: Vec<StoredSpan> =
            self.spans.values().filter(|known| known.row.trace == trace.id).map(stored).collect();
        spans.retain(|found| found.span.state != SpanState::Awaited);
        spans.retain(|found| found.span.begin() >= from && found.id <= newest);
        spans.sort_by_key(|found| (found.span.begin(), found.id));
        Ok(spans)
    }
}

impl SpanWordRows for Maps {
    fn insert_span_word(&mut self, word: &SpanWordRow) -> Result<()> {
        let before = self.words.insert((word.span, word.place), word.clone());
        assert!(before.is_none(), "span {} has a word at {}", word.span, word.place);
        Ok(())
    }

    fn span_words(&mut self, _: i64, span: i64, most: u32) -> Result<Vec<SpanWordRow>> {
        let words = self.words.range((span, i64::MIN)..=(span, i64::MAX)).rev();
        Ok(words.take(usize::try_from(most).unwrap()).map(|(_, word)| word.clone()).collect())
    }

    fn remove_span_word(&mut self, word: &SpanWordRow) -> Result<()> {
        assert!(self.words.remove(&(word.span, word.place)).is_some(), "{word:?} is not there");
        Ok(())
    }
}

impl SessionRows for Maps {
    fn session(&mut self, tenant: i64, session_id: &str) -> Result<Option<StoredSession>> {
        Ok(self.sessions.get(&(tenant, session_id.to_owned())).cloned())
    }

    fn session_by_id(&mut self, id: i64) -> Result<Option<StoredSession>> {
        Ok(self.sessions.values().find(|stored| stored.row.id == id).cloned())
    }

    fn write_session(
        &mut self,
        tenant: i64,
        _: Option<&StoredSession>,
        row: &SessionRow,
        session: &Session,
    ) -> Result<()> {
        let session = Session { body: String::new(), ..session.clone() };
        let name = (tenant, session.session_id.clone());
        self.sessions.insert(name, StoredSession { row: *row, session });
        Ok(())
    }

    fn remove_session(&mut self, tenant: i64, session: &StoredSession) -> Result<()> {
        let name = (tenant, session.session.session_id.clone());
        assert!(self.sessions.remove(&name).is_some(), "{name:?} is not there");
        Ok(())
    }

    fn traces_of_session(&mut self, tenant: i64, session_id: &str) -> Result<i64> {
        Ok(i64::try_from(self.traces_naming(tenant, session_id).count()).unwrap())
    }

    fn session_outline(&mut self, tenant: i64, session_id: &str) -> Result<Option<(i64, SessionOutline)>> {
        let first = self.traces_naming(tenant, session_id).min_by_key(|found| (found.trace.started_at, found.row.seq));
        Ok(first.map(|StoredTrace { row, trace }| {
            let outline = SessionOutline {
                user_id: trace.user_id,
                auditing_id: trace.auditing_id,
                end_user_id: trace.end_user_id.clone(),
                first_start: trace.started_at,
                last_start: self.traces_naming(tenant, session_id).map(|found| found.trace.started_at).max().unwrap(),
                last_end: self.traces_naming(tenant, session_id).filter_map(|found| found.trace.completed_at).max(),
            };
            (row.seq, outline)
        }))
    }
}

impl ConfigSnapshotRows for Maps {
    fn config_snapshot(&mut self, tenant: i64, snapshot_id: &str) -> Result<Option<StoredConfigSnapshot>> {
        Ok(self.snapshots.get(&(tenant, snapshot_id.to_owned())).cloned())
    }

    fn insert_config_snapshot(
        &mut self,
        tenant: i64,
        row: &ConfigSnapshotRow,
        snapshot: &ConfigSnapshot,
    ) -> Result<()> {
        let snapshot = ConfigSnapshot { body: String::new(), ..snapshot.clone() };
        let name = (tenant, snapshot.snapshot_id.clone());
        self.snapshots.insert(name, StoredConfigSnapshot { row: *row, snapshot });
        Ok(())
    }
}

impl ListRows for Maps {
    fn places(&mut self, tenant: i64, list: &ListRequest) -> Result<FoundPlaces> {
        fn meets(document: &impl Listed, list: &ListRequest) -> bool {
            list.conditions.iter().all(|condition| condition.holds(document))
        }
        let mut places: Vec<Place> = match list.noun {
            Noun::Trace => {
                let found = self.traces_of(tenant).filter(|found| meets(&found.trace, list));
                found
                    .map(|StoredTrace { row, trace }| Place { time: trace.started_at, seq: row.seq, id: row.id })
                    .collect()
            }
            Noun::Score => {
                let own = self.scores.values().filter(|found| self.tenant_of(found.row.trace) == tenant);
                let found = own.filter(|found| meets(&found.score, list));
                found.map(|found| Place { time: Nanos(0), seq: found.row.id, id: found.row.id }).collect()
            }
            Noun::Session => {
                let own = self.sessions.iter().filter(|((owner, _), _)| *owner == tenant).map(|(_, found)| found);
                let found = own.filter(|found| meets(&found.session, list));
                let place = |StoredSession { row, session, .. }: &StoredSession| Place {
                    time: session.updated_at,
                    seq: row.seq,
                    id: row.id,
                };
                found.map(place).collect()
            }
        };
        let total = (list.window.total == Total::Counted).then_some(places.len() as u64);
        places.sort_by_key(|place| Reverse((place.time, place.seq)));
        if let Some(cursor) = list.window.cursor {
            places.retain(|place| (place.time, place.seq) < (cursor.time, cursor.seq));
        }
        let offset = usize::try_from(list.window.offset).unwrap().min(places.len());
        places.drain(..offset);
        places.truncate(usize::try_from(list.window.limit).unwrap() + 1);
        Ok(FoundPlaces { total, places })
    }
}

impl Maps {
    /// The spans of a trace that are not only awaited.
    pub fn shown(&self, trace: i64) -> impl Iterator<Item = &KnownSpan> {
        let own = self.spans.values().filter(move |known| known.row.trace == trace);
        own.filter(|known| known.span.state != SpanState::Awaited)
    }

    /// Whose a trace is.
    pub fn tenant_of(&self, trace: i64) -> i64 {
        self.names.iter().find(|(_, id)| **id == trace).map(|((tenant, _), _)| *tenant).unwrap()
    }

    /// The traces of a tenant.
    fn traces_of(&self, tenant: i64) -> impl Iterator<Item = &StoredTrace> {
        let own = self.names.iter().filter(move |((owner, _), _)| *owner == tenant);
        own.filter_map(|(_, id)| self.traces.get(id)).filter(|found| !found.trace.is_awaited())
    }

    fn traces_naming<'a>(&'a self, tenant: i64, session_id: &'a str) -> impl Iterator<Item = &'a StoredTrace> {
        self.traces_of(tenant).filter(move |found| found.trace.session_id.as_deref() == Some(session_id))
    }
}

/// Lists are gone through whole.
impl FacetRows for Maps {
    fn change_facet(&mut self, _: i64, _: &Facet, _: &[(i64, Membership)]) -> Result<()> {
        Ok(())
    }
}

impl EngineRows for Maps {
    fn writer_process(&mut self, _: i64) -> Result<WriterProcess> {
        Ok(WriterProcess::Alive)
    }
}

impl StateRows for Maps {
    fn write_numbers(&mut self, numbers: &Numbers, _: u64) -> Result<()> {
        self.numbers = *numbers;
        Ok(())
    }
}

impl TenantRows for Maps {
    fn find_tenant(&mut self, name: &str) -> Result<Option<i64>> {
        Ok(self.tenants.get(name).map(|(id, _)| *id))
    }

    fn insert_tenant(&mut self, id: i64, name: &str) -> Result<()> {
        assert!(self.tenants.insert(name.to_owned(), (id, [0; 4])).is_none(), "tenant {name:?} has a row");
        Ok(())
    }

    fn add_counts(&mut self, tenant: i64, more: [i64; 4]) -> Result<()> {
        let (_, counts) = self.tenants.values_mut().find(|(id, _)| *id == tenant).unwrap();
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        Ok(())
    }

    fn tenants(&mut self, after: Option<&str>, limit: u32) -> Result<Vec<Tenant>> {
        let nameless = (String::new(), self.numbers.counts);
        let named = self.tenants.iter().map(|(name, (_, counts))| (name.clone(), *counts));
        let behind =
            |(name, counts): &(String, [i64; 4])| after.is_none_or(|after| name.as_str() > after) && *counts != [0; 4];
        let found = std::iter::once(nameless).chain(named).filter(behind).take(usize::try_from(limit).unwrap());
        Ok(found.map(|(name, counts)| tenant_of(&name, counts)).collect())
    }
}

fn tenant_of(name: &str, counts: [i64; 4]) -> Tenant {
    let [traces, spans, sessions, config_snapshots] = counts.map(i64::unsigned_abs);
    let tenant_id = TenantName::parse(name.as_bytes()).unwrap();
    Tenant { tenant_id, counts: NounCounts { traces, spans, sessions, config_snapshots } }
}
