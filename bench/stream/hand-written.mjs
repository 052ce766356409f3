// The stream as a good engineer would store it by hand on node:sqlite: a row per span, updated in place, transactions of 100.
import { join } from 'node:path';
import { batches } from '../peers/work.mjs';
import { DRIVERS } from '../shared/drivers.mjs';
import { json } from '../shared/span-row.mjs';

const BATCH = 100;

const TABLE = `create table if not exists spans (
  trace_id text not null, span_id text not null, parent_span_id text, kind text not null, tags text, started_at integer not null,
  name text not null, input text, output text, attributes text, metadata text, error text, ended_at integer,
  primary key (trace_id, span_id))`;
const INSERT = `insert into spans (parent_span_id, kind, tags, started_at, name, input, output, attributes, metadata, error, ended_at, trace_id, span_id)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const UPDATE = `update spans set name = ?, input = ?, output = ?, attributes = ?, metadata = ?, error = ?, ended_at = ?
  where trace_id = ? and span_id = ?`;

export async function openHandWritten(folder) {
  const db = await DRIVERS['node:sqlite'](join(folder, 'traces.db'));
  for (const sql of ['pragma journal_mode = wal', 'pragma synchronous = normal', TABLE]) db.exec(sql);
  const [begin, commit] = [db.prepare('begin'), db.prepare('commit')];
  const [insert, update] = [db.prepare(INSERT), db.prepare(UPDATE)];
  const read = db.prepare('select * from spans where trace_id = ?');
  return {
    prepare: (records) => records,
    write: (records) => {
      for (const batch of batches(records, BATCH)) {
        begin.run();
        for (const { what, span } of batch)
          if (what === 'start') insert.run(...begunRow(span), ...toldRow(span));
          else update.run(...toldRow(span));
        commit.run();
      }
    },
    spans: (traceId) => read.all(traceId).map(asTold),
    close: () => {
      db.exec('pragma wal_checkpoint(truncate)');
      db.close();
    },
  };
}

function begunRow({ parentSpanId, kind, tags, startedAt }) {
  return [parentSpanId ?? null, kind, json(tags), startedAt.getTime()];
}

function toldRow({ name, input, output, attributes, metadata, error, endedAt, traceId, spanId }) {
  const told = [name, json(input), json(output), json(attributes), json(metadata)];
  return [...told, error ?? null, endedAt?.getTime() ?? null, traceId, spanId];
}

function asTold(row) {
  const parsed = ['input', 'output', 'attributes', 'metadata'].map((key) => [key, JSON.parse(row[key])]);
  return {
    ...Object.fromEntries(parsed),
    spanId: row.span_id,
    name: row.name,
    error: row.error ?? undefined,
    startedAt: new Date(row.started_at),
    endedAt: row.ended_at === null ? undefined : new Date(row.ended_at),
  };
}
