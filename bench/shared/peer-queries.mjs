// The read side of the hand-written store, for better-sqlite3 and @libsql/client alike: `{ statements, finish(rows of each) }`.

export const QUERIES = {
  getTrace: (traceId) => ({
    statements: [{ sql: 'select * from traces where trace_id = ?', args: [traceId] }],
    finish: ([rows]) => (rows.length > 0 ? toTrace(rows[0]) : null),
  }),
  getSpans: (traceId) => ({
    statements: [{ sql: 'select * from spans where trace_id = ? order by started_at, id', args: [traceId] }],
    finish: ([rows]) => Array.from(rows, toSpan),
  }),
  listTraces: (filter) => {
    const [firstTag, ...tags] = filter.tags ?? [];
    const byTag = firstTag !== undefined && filter.userId === undefined && filter.sessionId === undefined;
    const order = byTag ? 'g' : 't';
    const conditions = [];
    const add = (sql, value) => value !== undefined && conditions.push([sql, value]);
    add('t.agent_name = ?', filter.agentName);
    add('t.session_id = ?', filter.sessionId);
    add('t.user_id = ?', filter.userId);
    add('t.status = ?', filter.status);
    const needsTrace = conditions.length > 0;
    add(`${order}.started_at >= ?`, filter.after?.getTime());
    add(`${order}.started_at < ?`, filter.before?.getTime());
    if (byTag) add('g.tag = ?', firstTag);
    for (const tag of byTag ? tags : (filter.tags ?? []))
      add(
        `exists (select 1 from trace_tags o where o.tag = ? and o.started_at = ${order}.started_at and o.seq = ${order}.seq)`,
        tag,
      );
    const joined = byTag ? 'trace_tags g join traces t on t.seq = g.seq' : 'traces t';
    const counted = byTag && !needsTrace ? 'trace_tags g' : joined;
    return page({
      filter,
      columns: 't.*',
      joined,
      counted,
      conditions,
      order: [`${order}.started_at`, `${order}.seq`],
      documents: (rows) => ({ traces: rows.map(toTrace) }),
    });
  },
  listSessions: (filter) =>
    page({
      filter,
      columns:
        's.*, max(s.trace_count, (select count(*) from traces t where t.session_id = s.session_id)) as traces_seen',
      joined: 'sessions s',
      counted: 'sessions s',
      conditions: filter.userId === undefined ? [] : [['s.user_id = ?', filter.userId]],
      order: ['s.updated_at', 's.seq'],
      documents: (rows) => ({ sessions: rows.map(toSession) }),
    }),
};

function page({ filter, columns, joined, counted, conditions, order: [time, seq], documents }) {
  const { limit = 50, offset = 0, cursor } = filter;
  const args = conditions.map(([, value]) => value);
  const after = cursor ? [[`(${time}, ${seq}) < (?, ?)`]] : [];
  const rest = `order by ${time} desc, ${seq} desc limit ? offset ?`;
  return {
    statements: [
      { sql: `select count(*) as total from ${counted} ${where(conditions)}`, args },
      {
        sql: `select ${columns} from ${joined} ${where(conditions.concat(after))} ${rest}`,
        args: args.concat(cursor ?? [], limit + 1, offset),
      },
    ],
    finish: ([[{ total }], found]) => {
      const rows = Array.from(found).slice(0, limit);
      const hasMore = found.length > limit;
      const last = rows.at(-1);
      const next = hasMore && last ? { nextCursor: [last.started_at ?? last.updated_at, last.seq] } : {};
      return { ...documents(rows), total, hasMore, ...next };
    },
  };
}

function where(conditions) {
  return conditions.length > 0 ? `where ${conditions.map(([sql]) => sql).join(' and ')}` : '';
}

function toTrace(row) {
  return withoutNulls({
    schemaVersion: 1,
    traceId: row.trace_id,
    configSnapshotId: row.config_snapshot_id,
    sessionId: row.session_id,
    parentTraceId: row.parent_trace_id,
    agentName: row.agent_name,
    agentVersion: row.agent_version,
    input: parse(row.input),
    output: parse(row.output),
    apiInput: parse(row.api_input),
    apiOutput: parse(row.api_output),
    status: row.status,
    userId: row.user_id,
    auditingId: row.auditing_id,
    startedAt: new Date(row.started_at),
    completedAt: row.completed_at === null ? null : new Date(row.completed_at),
    durationMs: row.duration_ms,
    tokens: parse(row.tokens),
    cost: parse(row.cost),
    tags: parse(row.tags),
    scores: parse(row.scores),
    metadata: parse(row.metadata),
  });
}

function toSpan(row) {
  return withoutNulls({
    schemaVersion: 1,
    spanId: row.span_id,
    traceId: row.trace_id,
    parentSpanId: row.parent_span_id,
    kind: row.kind,
    name: row.name,
    input: parse(row.input),
    output: parse(row.output),
    status: row.status,
    error: row.error,
    startedAt: new Date(row.started_at),
    durationMs: row.duration_ms,
    genAiAttributes: parse(row.attributes),
    toolType: row.tool_type,
    metadata: parse(row.metadata),
  });
}

function toSession(row) {
  return withoutNulls({
    schemaVersion: 1,
    sessionId: row.session_id,
    userId: row.user_id,
    auditingId: row.auditing_id,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    traceCount: row.traces_seen,
    tags: parse(row.tags),
    metadata: parse(row.metadata),
  });
}

function parse(text) {
  return text === null ? null : JSON.parse(text);
}

/** Columns without a value are absent from the document. */
function withoutNulls(fields) {
  const document = {};
  for (const key of Object.keys(fields)) if (fields[key] !== null) document[key] = fields[key];
  return document;
}
