/** Tags of spans, and changes of tags that leave the others alone. */
import { describe, expect, it } from 'vitest';
import { failure, openStore, span, trace } from './support.js';

describe('updateTraceTags', () => {
  it('adds and removes, and lists find the trace by what is left', async () => {
    const store = openStore();
    await store.startTrace(trace({ tags: ['a', 'b', 'c'] }));
    expect(await store.updateTraceTags('t1', { add: ['d', 'a', 'd'], remove: ['b', 'x'] })).toEqual({
      version: 2,
    });
    expect((await store.getTrace('t1'))?.tags).toEqual(['a', 'c', 'd']);
    expect((await store.listTraces({ tags: ['d'] })).total).toBe(1);
    expect((await store.listTraces({ tags: ['b'] })).total).toBe(0);
    expect((await store.verify()).problems).toEqual([]);
  });

  it('refuses an unknown trace and unknown keys', async () => {
    const store = openStore();
    expect((await failure(store.updateTraceTags('t1', { add: ['a'] }))).code).toBe('NOT_FOUND');
    expect((await failure(store.updateTraceTags('t1', { added: ['a'] } as never))).field).toBe('changes');
    expect((await failure(store.updateTraceTags('t1', { add: [5] } as never))).field).toBe('changes.add[0]');
  });
});

describe('tags of spans', () => {
  it('come back as they were given, and only then', async () => {
    const store = openStore();
    await store.addSpan(span({ spanId: 'some', tags: ['b', 'a'] }));
    await store.addSpan(span({ spanId: 'empty', tags: [] }));
    await store.addSpan(span({ spanId: 'none' }));
    const spans = await store.getSpans('t1');
    expect(spans.map(({ tags }) => tags)).toEqual([['b', 'a'], [], undefined]);
    expect(spans[2]).not.toHaveProperty('tags');
  });

  it('change without a look at the rest of the span', async () => {
    const store = openStore();
    const given = span({ input: { messages: ['x'.repeat(400)] }, output: 1 });
    await store.addSpan(given);
    expect(await store.updateSpanTags('t1', 's1', { add: ['a', 'b'] })).toEqual({ version: 2 });
    expect(await store.updateSpanTags('t1', 's1', { remove: ['a'] }, { ifVersion: 2 })).toEqual({
      version: 3,
    });
    expect(await store.getSpan('t1', 's1')).toEqual({ schemaVersion: 1, ...given, tags: ['b'] });
    await store.addSpan(given);
    expect(await store.getSpan('t1', 's1')).not.toHaveProperty('tags');
    expect((await failure(store.updateSpanTags('t1', 'nobody', {}))).code).toBe('NOT_FOUND');
  });
});
