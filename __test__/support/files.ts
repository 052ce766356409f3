/**
 * Database files as the specs need them: closed ones, foreign ones, newer ones, and what every byte of a folder is.
 *
 * Nothing here may run while a store of this process has the file open: closing a plain descriptor would drop
 * SQLite's locks.
 */
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteTraceStore } from 'tracestore';
import { expect, onTestFinished } from 'vitest';
import { numberedSpan } from '../children/spans.mjs';
import { tempFolder } from '../support.js';

/** Offsets in the header of an SQLite file, see https://sqlite.org/fileformat2.html#the_database_header. */
const USER_VERSION = 60;
const APPLICATION_ID = 68;
const PAGE_BYTES = 4096;
/** A page ends with its checksum; zeros mean that it has none. */
const CHECKSUM_BYTES = 8;

/** A closed file with some spans, alone in its folder. */
export async function closedFile(spans = 1, path = join(tempFolder(), 'traces.db')): Promise<string> {
  const store = new SqliteTraceStore({ path });
  const written = Array.from({ length: spans }, (_, n) => store.addSpan(numberedSpan(n)));
  await Promise.all(written);
  await store.close();
  return path;
}

export async function newerFile(): Promise<string> {
  return patched(await closedFile(), USER_VERSION, 99);
}

/** An SQLite file with tables that says it belongs to another program. */
export async function foreignFile(): Promise<string> {
  return patched(await closedFile(), APPLICATION_ID, 0x47504b47);
}

/** An SQLite file with tables that doesn't say whose it is, as most do. */
export async function anonymousFile(): Promise<string> {
  return patched(await closedFile(), APPLICATION_ID, 0);
}

export function textFile(bytes: number): string {
  const path = join(tempFolder(), 'notes.txt');
  writeFileSync(path, 'All work and no play. '.repeat(bytes).slice(0, bytes));
  return path;
}

/** Name and content of each file in a folder. */
export function bytesOf(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );
}

/** Lets another user in, or nobody: `0o555` keeps even its owner from making files, though not root. */
export function setModes(folder: string, folderMode: number, fileMode: number): void {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), fileMode);
  chmodSync(folder, folderMode);
  // Before the folder is deleted, which needs the right to write it.
  onTestFinished(() => chmodSync(folder, 0o700));
}

/** Puts other bytes in the place of these, which a closed file has once. */
export function replaceOnce(path: string, before: Buffer, after: Buffer): void {
  const bytes = readFileSync(path);
  const offset = bytes.indexOf(before);
  expect(offset).toBeGreaterThan(0);
  expect(bytes.includes(before, offset + 1)).toBe(false);
  patch(path, offset, after);
}

function patched(path: string, offset: number, value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  patch(path, offset, bytes);
  return path;
}

/** Writes into a closed file, on a page that has no checksum from then on. */
function patch(path: string, offset: number, bytes: Buffer): void {
  const pageEnd = (Math.floor(offset / PAGE_BYTES) + 1) * PAGE_BYTES;
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  writeSync(file, Buffer.alloc(CHECKSUM_BYTES), 0, CHECKSUM_BYTES, pageEnd - CHECKSUM_BYTES);
  closeSync(file);
}
