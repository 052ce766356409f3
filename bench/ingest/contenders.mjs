// The ways of storing spans that are compared. `open(file, spans)` answers { ingest(spans), single?(span), close() };
// ingest resolves when everything is committed. All stores run WAL with synchronous=NORMAL.
/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { spanRow } from '../shared/span-row.mjs';

const BATCH = 100;

export const CONTENDERS = {
  stringify: { label: 'JSON.stringify alone', open: () => openStringify() },
  'stringify-tick': {
    label: 'JSON.stringify alone, one span per tick',
    open: () => openStringify({ perTick: true }),
  },
  'sqlite-insert': {
    label: 'better-sqlite3, one insert per span',
    open: (file) => openBetterSqlite(file, 1),
  },
  'sqlite-batch': {
    label: 'better-sqlite3, transactions of 100',
    open: (file) => openBetterSqlite(file, BATCH),
  },
  libsql: { label: '@libsql/client, execute per span', open: openLibsql },
  'ours-batch': {
    label: 'tracestore, batches of 100',
    open: (file, spans) => openOurs(file, spans, ingestBatches),
  },
  'ours-tick': {
    label: 'tracestore, one span per tick',
    open: (file, spans) => openOurs(file, spans, ingestPerTick),
  },
};

let sink = 0; // keeps the compiler from dropping the work

function openStringify({ perTick = false } = {}) {
  const ingest = async (spans) => {
    for (const span of spans) {
      sink += JSON.stringify(span).length;
      if (perTick) await setImmediate();
    }
  };
  return { ingest, close: () => sink };
}

const TABLE = `create table spans (
  trace_id text not null, span_id text not null, parent_span_id text, kind text not null, name text not null, status text not null, error text,
  started_at integer not null, duration_ms real not null, tool_type text, input text, output text, attributes text, metadata text,
  primary key (trace_id, span_id))`;
const INSERT = `insert into spans values (${Array(14).fill('?').join(', ')})`;

async function openBetterSqlite(file, perTransaction) {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(file);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = normal');
  db.exec(TABLE);
  const insert = db.prepare(INSERT);
  const insertAll = db.transaction((spans) => {
    for (const span of spans) insert.run(spanRow(span));
  });
  const ingest = async (spans) => {
    if (perTransaction === 1) for (const span of spans) insert.run(spanRow(span));
    else for (const batch of batches(spans, perTransaction)) insertAll(batch);
  };
  const close = () => {
    db.pragma('wal_checkpoint(truncate)');
    db.close();
  };
  return { ingest, single: perTransaction === 1 ? (span) => insert.run(spanRow(span)) : undefined, close };
}

async function openLibsql(file) {
  const { createClient } = await import('@libsql/client');
  const client = createClient({ url: `file:${file}` });
  await client.execute('pragma journal_mode = wal');
  await client.execute('pragma synchronous = normal');
  await client.execute(TABLE);
  const single = (span) => client.execute({ sql: INSERT, args: spanRow(span) });
  const ingest = async (spans) => {
    for (const span of spans) await single(span);
  };
  const close = async () => {
    await client.execute('pragma wal_checkpoint(truncate)');
    client.close();
  };
  return { ingest, single, close };
}

/** Every trace is started before the clock runs: spans are what is compared. */
async function openOurs(file, spans, ingest) {
  const { SqliteTraceStore } = createRequire(new URL('../../package.json', import.meta.url))('tracestore');
  const store = new SqliteTraceStore({ path: file });
  const traceIds = [...new Set(spans.map((span) => span.traceId))];
  const trace = {
    agentName: 'bench',
    agentVersion: '1',
    input: { prompt: '', parameters: {} },
    userId: 1,
    auditingId: 1,
  };
  await Promise.all(traceIds.map((traceId) => store.startTrace({ ...trace, traceId })));
  return {
    ingest: (all) => ingest(store, all),
    single: (span) => store.addSpan(span),
    close: async () => {
      const { counts, failedWrites } = await store.info();
      await store.close();
      if (counts.spans !== spans.length || failedWrites > 0)
        throw new Error(`tracestore holds ${counts.spans} of ${spans.length} spans`);
    },
  };
}

async function ingestBatches(store, spans) {
  for (const batch of batches(spans, BATCH)) await Promise.all(batch.map((span) => store.addSpan(span)));
}

async function ingestPerTick(store, spans) {
  for (const span of spans) {
    void store.addSpan(span);
    await setImmediate();
  }
  await store.flush();
}

function* batches(items, size) {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}
