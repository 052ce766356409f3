/** `readonly: true`: a viewer reads everything and writes nothing. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteTraceStore } from 'tracestore';
import { expect, it } from 'vitest';
import { failure, openStore, span, tempFolder, trace } from './support.js';

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

it('reads, refuses every write, and leaves each byte of the file as it was', async () => {
  const path = join(tempFolder(), 'traces.db');
  const writer = new SqliteTraceStore({ path });
  await writer.startTrace(trace());
  await writer.addSpan(span());
  await writer.close();
  const before = hashOf(path);

  const viewer = new SqliteTraceStore({ path, readonly: true });
  expect(await viewer.getTrace('t1')).toMatchObject({ traceId: 't1' });
  expect(await viewer.getSpans('t1')).toHaveLength(1);
  const error = await failure(viewer.setTraceTags('t1', ['x']));
  expect(error.code).toBe('UNSUPPORTED');
  expect(error.message).toBe(
    'setTraceTags: the store was opened with readonly: true; open it without to write',
  );
  expect(await viewer.info()).toMatchObject({ readonly: true, failedWrites: 1 });
  await viewer.close();
  expect(hashOf(path)).toBe(before);
});

it('does not make a file that is missing', async () => {
  const path = join(tempFolder(), 'traces.db');
  const viewer = openStore({ path, readonly: true });
  const error = await failure(viewer.getTrace('t1'));
  expect(error.code).toBe('IO');
  expect(error.message).toContain(path);
  expect(existsSync(path)).toBe(false);
});
