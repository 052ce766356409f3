// The stores that are compared when reading, behind one face: getTrace, getSpans, listTraces, listSessions, close; on files that exist.
import { createRequire } from 'node:module';
import { DRIVERS } from './drivers.mjs';
import { QUERIES } from './peer-queries.mjs';

export const STORES = {
  ours: { label: 'tracestore', file: 'ours.db', open: (file) => openOurs(file) },
  'better-sqlite3': { label: 'better-sqlite3', file: 'peer.db', open: (file) => openPeer(file) },
  libsql: { label: '@libsql/client', file: 'peer.db', open: openLibsql },
};

/** The same under the newer Node of peers/package.json, where better-sqlite3 would have to be built again. */
export const NEWER_STORES = {
  ours: STORES.ours,
  'node-sqlite': {
    label: 'node:sqlite',
    file: 'peer.db',
    open: (file) => openPeer(file, 'node:sqlite'),
  },
};

export function openOurs(file) {
  const { SqliteTraceStore } = createRequire(new URL('../../package.json', import.meta.url))('tracestore');
  return new SqliteTraceStore({ path: file });
}

/** The hand-written store for reading, on a synchronous driver. */
export async function openPeer(file, driver = 'better-sqlite3') {
  const db = await DRIVERS[driver](file);
  const prepared = new Map();
  const all = ({ sql, args }) => {
    if (!prepared.has(sql)) prepared.set(sql, db.prepare(sql));
    return prepared.get(sql).all(...args);
  };
  const run = ({ statements, finish }) => finish(statements.map(all));
  return { ...methods(run), close: () => db.close() };
}

async function openLibsql(file) {
  const { createClient } = await import('@libsql/client');
  const client = createClient({ url: `file:${file}` });
  const run = async ({ statements, finish }) => {
    const results = [];
    for (const statement of statements) results.push((await client.execute(statement)).rows);
    return finish(results);
  };
  return { ...methods(run), close: () => client.close() };
}

function methods(run) {
  return Object.fromEntries(
    Object.entries(QUERIES).map(([name, query]) => [name, (argument) => run(query(argument))]),
  );
}
