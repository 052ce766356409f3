// The write side of the hand-written store, on either synchronous driver: one prepared statement per call, transactions of 100.
import { existsSync, readFileSync } from 'node:fs';
import { DRIVERS } from './drivers.mjs';
import { json, spanRow } from './span-row.mjs';

const SCHEMA = readFileSync(new URL('peer-schema.sql', import.meta.url), 'utf8');
const BATCH = 100;

const SQL = {
  upsertSession: `insert into sessions (session_id, user_id, auditing_id, created_at, updated_at, trace_count, tags, metadata)
    values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict do update set updated_at = excluded.updated_at, trace_count = excluded.trace_count, tags = excluded.tags, metadata = excluded.metadata`,
  ensureConfigSnapshot: 'insert into config_snapshots values (?, ?) on conflict do nothing',
  startTrace: `insert into traces (trace_id, config_snapshot_id, session_id, parent_trace_id, agent_name, agent_version, status, user_id,
    auditing_id, started_at, input, tags, metadata) values (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?)`,
  addTag: 'insert into trace_tags values (?, ?, ?) on conflict do nothing',
  endTrace:
    'update traces set status = ?, output = ?, completed_at = ?, duration_ms = ?, tokens = ?, cost = coalesce(?, cost) where trace_id = ?',
  addSpan: `insert into spans (trace_id, span_id, parent_span_id, kind, name, status, error, started_at, duration_ms, tool_type, input, output,
    attributes, metadata) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  setApiIO: 'update traces set api_input = ?, api_output = ? where trace_id = ?',
  setTraceScores: "update traces set scores = json_patch(coalesce(scores, '{}'), ?) where trace_id = ?",
  findTrace: 'select seq, started_at, tags from traces where trace_id = ?',
  setTraceTags: 'update traces set tags = ? where seq = ?',
  dropTags:
    'delete from trace_tags where seq = ? and started_at = ? and tag in (select value from json_each(?))',
};

/** Makes a file, or opens one that it made; write(calls) is synchronous, as both drivers are. */
export async function openPeerWriter(file, driver = 'better-sqlite3') {
  const isNew = !existsSync(file);
  const db = await DRIVERS[driver](file);
  db.exec('pragma journal_mode = wal');
  db.exec('pragma synchronous = normal');
  if (isNew) db.exec(SCHEMA);
  const run = appliers(db);
  const [begin, commit] = [db.prepare('begin'), db.prepare('commit')];
  const writeBatch = (calls) => {
    begin.run();
    for (const { op, args } of calls) run[op](args);
    commit.run();
  };
  return {
    write: (calls) => {
      for (let i = 0; i < calls.length; i += BATCH) writeBatch(calls.slice(i, i + BATCH));
    },
    single: ({ op, args }) => run[op](args),
    close: () => {
      db.exec('pragma optimize');
      db.exec('pragma wal_checkpoint(truncate)');
      db.close();
    },
  };
}

function appliers(db) {
  const statements = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]));
  const addTags = (seq, startedAt, tags) => {
    for (const tag of tags) statements.addTag.run(tag, startedAt, seq);
  };
  return {
    upsertSession: ({ session: s }) => {
      const times = [s.createdAt.getTime(), s.updatedAt.getTime()];
      const rest = [s.traceCount, json(s.tags), json(s.metadata)];
      statements.upsertSession.run(s.sessionId, s.userId, s.auditingId, ...times, ...rest);
    },
    ensureConfigSnapshot: ({ snapshot }) =>
      statements.ensureConfigSnapshot.run(snapshot.snapshotId, json(snapshot)),
    startTrace: ({ trace: t }) => {
      const startedAt = t.startedAt.getTime();
      const ids = [t.traceId, t.configSnapshotId ?? null, t.sessionId ?? null, t.parentTraceId ?? null];
      const who = [t.agentName, t.agentVersion, t.userId, t.auditingId];
      const added = statements.startTrace.run(
        ...ids,
        ...who,
        startedAt,
        json(t.input),
        json(t.tags),
        json(t.metadata),
      );
      addTags(added.lastInsertRowid, startedAt, t.tags);
    },
    addSpan: ({ span }) => statements.addSpan.run(...spanRow(span)),
    endTrace: ({ traceId, result: r }) => {
      const times = [r.completedAt.getTime(), r.durationMs];
      statements.endTrace.run(r.status, json(r.output), ...times, json(r.tokens), json(r.cost), traceId);
    },
    setApiIO: ({ traceId, io }) => statements.setApiIO.run(json(io.apiInput), json(io.apiOutput), traceId),
    setTraceScores: ({ traceId, scores }) => statements.setTraceScores.run(json(scores), traceId),
    setTraceTags: ({ traceId, tags }) => {
      const found = statements.findTrace.get(traceId);
      statements.dropTags.run(found.seq, found.started_at, found.tags);
      statements.setTraceTags.run(json(tags), found.seq);
      addTags(found.seq, found.started_at, tags);
    },
  };
}
