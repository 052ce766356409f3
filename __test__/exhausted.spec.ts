/** A moment without free descriptors: a look for somebody else's that fails says nothing about the file. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { numberedSpans } from './children/spans.mjs';
import { openStore, tempFolder } from './support.js';
import { Child } from './support/child.js';

/** Enough for Node, few to use up. */
const LIMIT = 256;

it.skipIf(process.platform === 'win32')(
  'an open store goes on, one that opens fails with IO, and nobody is taken for an intruder (skipped: Windows has no such limit)',
  async () => {
    const folder = tempFolder();
    const task = JSON.stringify({ path: join(folder, 'a.db'), other: join(folder, 'b.db') });
    const script = join(import.meta.dirname, 'children/exhausted.mjs');
    const limited = `ulimit -n ${LIMIT}; exec "$0" "$@"`;
    const child = new Child('sh', ['-c', limited, process.execPath, '--no-warnings', script, task]);
    const outcome = await child.ended;
    expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { full, during, opening, after } = JSON.parse(outcome.stdout) as {
      full: string;
      during: unknown[];
      opening: Array<'done' | { code: string; message: string }>;
      after: unknown[];
    };
    expect(full).toBe('EMFILE');
    expect(during).toEqual(['done', 'done']);
    expect(opening[0]).toMatchObject({ code: 'IO', message: expect.stringContaining('ulimit -n') as string });
    expect(new Set(opening.map((one) => (one === 'done' ? one : one.code)))).toEqual(new Set(['IO', 'done']));
    expect(after).toEqual(['done', 'done', 'done']);
    expect(await openStore({ path: join(folder, 'a.db') }).getSpans('t1')).toEqual(numberedSpans(3));
    expect(await openStore({ path: join(folder, 'b.db') }).getSpans('t1')).toEqual(numberedSpans(1));
  },
);
