/** Scores: said, listed, taken back; and the map that a trace's own are. */
import { describe, expect, it } from 'vitest';
import type { ScoreInput } from 'tracestore';
import { failure, openStore, span, trace } from './support.js';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function score(fields: Partial<ScoreInput> = {}): ScoreInput {
  return { id: 'score1', traceId: 't1', name: 'quality', value: 0.5, ...fields };
}

describe('addScore', () => {
  it('keeps every field, with the times and the number of its writing', async () => {
    const store = openStore();
    const given = score({
      spanId: 's1',
      label: 'good',
      reason: 'It answers the question. '.repeat(40),
      source: 'llm',
      author: 'judge 1',
      metadata: { rubric: ['a', { b: 1 }] },
      own: 'mine',
    } as never);
    const before = Date.now();
    expect(await store.addScore(given)).toEqual({ id: 'score1', version: 1 });
    const { scores } = await store.listScores();
    expect(scores).toEqual([
      { ...given, version: 1, createdAt: expect.any(Date), updatedAt: expect.any(Date) },
    ]);
    expect(scores[0]!.createdAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(scores[0]!.updatedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('gives a UUID of version 7 where no id is given, and takes the place of a known one', async () => {
    const store = openStore();
    const { id, version } = await store.addScore({ traceId: 't1', name: 'quality', label: 'good' });
    expect(id).toMatch(UUID_7);
    expect(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toBeLessThanOrEqual(Date.now());
    expect(version).toBe(1);
    await store.addScore(score({ id: 'later' }));
    expect(await store.addScore({ id, traceId: 't2', name: 'other' })).toEqual({ id, version: 2 });
    const { scores } = await store.listScores();
    expect(scores.map((found) => found.id)).toEqual(['later', id]);
    expect(scores[1]).not.toHaveProperty('label');
    expect(scores[1]).toMatchObject({ traceId: 't2', name: 'other', version: 2 });
  });

  it.each([
    [{ name: 5 }, 'score.name must be a well-formed string'],
    [{ value: Number.NaN }, 'score.value must be a finite number'],
    [{ createdAt: new Date() }, 'score.createdAt must be absent'],
    [{ traceId: '' }, 'score.traceId must be'],
  ])('refuses %o', async (fields, message) => {
    const store = openStore();
    expect((await failure(store.addScore(score(fields as never)))).message).toContain(message);
  });
});

describe("the contract's map", () => {
  it("is the last value by name of the trace's own scores, whoever gave it", async () => {
    const store = openStore();
    await store.addScore(score({ id: 'early', value: 0.25 }));
    await store.startTrace(trace());
    await store.addScore({ id: 'label', traceId: 't1', name: 'quality', label: 'bad' });
    await store.addScore(score({ id: 'of the span', spanId: 's1', value: 9 }));
    expect((await store.getTrace('t1'))?.scores).toEqual({ quality: 0.25 });
    await store.setTraceScores('t1', { quality: 0.75, speed: 1 });
    await store.addScore(score({ id: 'last', value: 1 }));
    expect((await store.getTrace('t1'))?.scores).toEqual({ quality: 1, speed: 1 });
    await store.endTrace('t1', { status: 'completed', scores: { quality: 0 } });
    expect((await store.listTraces()).traces[0]?.scores).toEqual({ quality: 0, speed: 1 });
    const { scores } = await store.listScores({ traceId: 't1', name: 'quality' });
    expect(scores.map((found) => found.value)).toEqual([0, 1, 0.75, 9, undefined, 0.25]);
    for (const { id } of scores) expect(id.length).toBeGreaterThan(0);
  });

  it('shows the value before the one that is deleted, or loses the name', async () => {
    const store = openStore();
    await store.startTrace(trace());
    await store.addScore(score({ id: 'one', value: 1 }));
    await store.addScore(score({ id: 'two', value: 2 }));
    expect(await store.deleteScore('two')).toEqual({ id: 'two', deleted: true });
    expect((await store.getTrace('t1'))?.scores).toEqual({ quality: 1 });
    expect(await store.deleteScore('two')).toEqual({ id: 'two', deleted: false });
    await store.deleteScore('one');
    expect(await store.getTrace('t1')).not.toHaveProperty('scores');
    expect((await store.verify()).problems).toEqual([]);
  });

  it('goes with its scores when endTrace clears it, and may be empty', async () => {
    const store = openStore();
    await store.startTrace(trace());
    await store.addScore(score());
    await store.addScore(score({ id: 'of the span', spanId: 's1' }));
    await store.endTrace('t1', { status: 'completed', scores: null });
    expect(await store.getTrace('t1')).not.toHaveProperty('scores');
    expect((await store.listScores()).scores.map(({ id }) => id)).toEqual(['of the span']);
    await store.setTraceScores('t1', {});
    expect((await store.getTrace('t1'))?.scores).toEqual({});
  });
});

describe('listScores', () => {
  it('combines all filters, in pages from the last one on', async () => {
    const store = openStore();
    for (let n = 0; n < 12; n += 1) {
      void store.addScore(
        score({
          id: `score${n}`,
          traceId: `t${n % 2}`,
          name: `name${n % 3}`,
          value: n,
          label: n % 4 === 0 ? 'good' : 'bad',
          source: 'human',
          author: `author${n % 2}`,
          ...(n > 6 && { spanId: 's1' }),
        }),
      );
    }
    const ids = async (filter: object) => (await store.listScores(filter)).scores.map(({ value }) => value);
    expect(await ids({ traceId: 't1' })).toEqual([11, 9, 7, 5, 3, 1]);
    expect(await ids({ traceId: 't1', spanId: 's1' })).toEqual([11, 9, 7]);
    expect(await ids({ name: 'name1', author: 'author0' })).toEqual([10, 4]);
    expect(await ids({ minValue: 3, maxValue: 5 })).toEqual([5, 4, 3]);
    expect(await ids({ label: 'good', source: 'human' })).toEqual([8, 4, 0]);
    expect(await ids({ traceId: 'nobody' })).toEqual([]);
    const first = await store.listScores({ source: 'human', limit: 5 });
    expect(first).toMatchObject({ scores: [{ value: 11 }, {}, {}, {}, {}], hasMore: true });
    await store.addScore(score({ id: 'new', source: 'human', value: 99 }));
    const second = await store.listScores({ source: 'human', limit: 100, cursor: first.nextCursor! });
    expect(second.scores.map(({ value }) => value)).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect(second).toMatchObject({ hasMore: false });
    expect((await failure(store.listScores({ userId: 1 } as never))).message).toContain('userId');
  });
});

it('content is left out, names and numbers stay', async () => {
  const store = openStore({ captureContent: false });
  await store.addSpan(span());
  await store.addScore(
    score({ label: 'good', reason: 'secret', source: 'x'.repeat(129), metadata: { a: 1 } }),
  );
  expect((await store.listScores()).scores[0]).toMatchObject({
    name: 'quality',
    value: 0.5,
    label: 'good',
    reason: '[omitted: string, 6 chars]',
    source: '[omitted: string, 129 chars]',
    metadata: { omitted: 'object', keys: 1 },
  });
});
