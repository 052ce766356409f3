/** Kills writers at random moments and holds what is left of their file against what they had printed. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteTraceStore, type Span } from 'tracestore';
import { expect } from 'vitest';
import { numberedSpan } from '../children/spans.mjs';
import { startScript, type Child } from './child.js';

/** Kills in a default run; `TRACESTORE_KILLS=300` for the full one. */
export const KILLS = Number(process.env['TRACESTORE_KILLS'] ?? 20);

/** The numbers of all writes of a trace whose promise had resolved before their writer died. */
export interface Ledger {
  traceId: string;
  bytes: number;
  printed: number[];
}

/** Lets the writer print some numbers, waits for no particular moment, and kills it. */
export async function killAtRandom(writer: Child): Promise<number[]> {
  await writer.printed(1 + Math.floor(Math.random() * 30));
  await sleep(Math.random() * 25);
  writer.kill('SIGKILL');
  expect(await writer.ended).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
  return writer.lines.map(Number);
}

export function startWriter(path: string, traceId: string, from: number, bytes: number): Child {
  // Without warnings: a log that grows, because several writers never rest, is told of as one.
  return startScript('killed.mjs', { path, traceId, from, bytes }, { nodeFlags: ['--no-warnings'] });
}

/** Every printed write is there, whole and once; what is there beyond that is whole too, and no batch is torn. */
export async function checkLedger(store: SqliteTraceStore, ledger: Ledger): Promise<void> {
  const { traceId, bytes, printed } = ledger;
  const spans = await store.getSpans(traceId);
  const numbers = spans.map((span) => span.durationMs);
  const known = new Set(numbers);
  expect(known.size, `${traceId}: spans that are there twice`).toBe(numbers.length);
  expect(
    printed.filter((n) => !known.has(n)),
    `${traceId}: printed and lost`,
  ).toEqual([]);
  for (const span of spans) expect(span).toEqual(whole(span, traceId, bytes));
  expect(tornBatches(known), `${traceId}: batches that are there in part`).toEqual([]);
}

function whole(span: Span, traceId: string, bytes: number): Span {
  return { ...(numberedSpan(span.durationMs, { traceId, bytes }) as Span), schemaVersion: 1 };
}

/**
 * Writes of one tick travel as one batch and are committed in one transaction: all of them or none. `killed.mjs` makes
 * batches of seven.
 */
function tornBatches(known: Set<number>): number[] {
  const counts = new Map<number, number>();
  for (const n of known) counts.set(Math.floor(n / 7), (counts.get(Math.floor(n / 7)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count !== 7).map(([batch]) => batch * 7);
}

const CHECK = `
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("pragma integrity_check").fetchall()
print(rows[0][0] if len(rows) == 1 else rows)
`;

/** What another SQLite says of the file, from a process of its own; `undefined` where there is none. */
export function integrity(path: string): string | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', CHECK, path], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
