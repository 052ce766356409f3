/** What runs, and whose process is gone: told by the kernel, whoever reads. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SqliteTraceStore } from 'tracestore';
import { at, openStore, span, tempFolder, trace } from './support.js';
import { startScript, type Child } from './support/child.js';
import { setModes } from './support/files.js';

const ABORTED = {
  state: 'aborted',
  status: 'error',
  error: expect.stringContaining('gone') as string,
  input: 'in',
};
const RUNNING = { state: 'running', status: 'ok', input: 'in' };

async function startLive(path: string, spanId = 's1'): Promise<Child> {
  const child = startScript('live.mjs', { path, traceId: 't1', spanId });
  await child.printed(1);
  return child;
}

async function say(child: Child, ...call: unknown[]): Promise<void> {
  const said = child.lines.length;
  child.tell(JSON.stringify(call));
  await child.printed(said + 1);
}

/** The state of the trace, and its spans by their ids, as a viewer sees them. */
async function look(path: string): Promise<{ trace: string; spans: Record<string, object> }> {
  const viewer = new SqliteTraceStore({ path, readonly: true });
  const found = await viewer.getTrace('t1');
  const [listed] = (await viewer.listTraces({ status: 'running' })).traces;
  const spans = await viewer.getSpans('t1');
  const { spans: paged } = await viewer.getSpans('t1', { limit: 9 });
  await viewer.close();
  expect(listed).toEqual(found);
  expect(paged).toEqual(spans);
  expect(found?.status).toBe('running');
  return {
    trace: found?.state ?? 'running',
    spans: Object.fromEntries(spans.map((one) => [one.spanId, one])),
  };
}

describe('a span whose process', () => {
  it('was killed is aborted, and runs again once another process goes on with it', async () => {
    const path = join(tempFolder(), 'traces.db');
    const child = await startLive(path);
    const running = await look(path);
    expect(running).toMatchObject({ trace: 'running', spans: { s1: RUNNING } });
    child.kill();
    await child.ended;
    expect(await look(path)).toMatchObject({ trace: 'aborted', spans: { s1: ABORTED } });
    const store = openStore({ path });
    expect((await store.getSpans('t1'))[0]).toMatchObject(ABORTED);
    await store.updateSpan('t1', 's1', { output: 'revived' });
    const revived = { ...RUNNING, output: 'revived' };
    expect((await store.getSpans('t1'))[0]).toMatchObject(revived);
    expect(await look(path)).toMatchObject({ trace: 'running', spans: { s1: revived } });
    await store.close();
    expect(await look(path)).toMatchObject({ trace: 'aborted', spans: { s1: ABORTED } });
  });

  it('is stopped runs', async () => {
    const path = join(tempFolder(), 'traces.db');
    const child = await startLive(path);
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await look(path)).toMatchObject({ trace: 'running', spans: { s1: RUNNING } });
    child.kill('SIGKILL');
    await child.ended;
    expect(await look(path)).toMatchObject({ trace: 'aborted', spans: { s1: ABORTED } });
  });

  it('has closed the store is aborted; one that ended, an event and a whole one are not', async () => {
    const path = join(tempFolder(), 'traces.db');
    const child = await startLive(path);
    const begun = { traceId: 't1', kind: 'custom', name: 'n' };
    await say(child, 'startSpan', { ...begun, spanId: 'ended' });
    await say(child, 'endSpan', 't1', 'ended');
    const store = openStore({ path });
    await store.addSpan(span({ spanId: 'whole' }));
    await store.startSpan({ ...begun, kind: 'custom', spanId: 'event', isEvent: true });
    await say(child, 'close');
    await child.ended;
    expect(await look(path)).toMatchObject({ trace: 'running', spans: { s1: ABORTED } });
    await store.close();
    const { trace: state, spans } = await look(path);
    expect(state).toBe('aborted');
    for (const id of ['whole', 'event', 'ended']) expect(spans[id]).not.toHaveProperty('state');
  });

  it('is gone keeps the error that it was given', async () => {
    const path = join(tempFolder(), 'traces.db');
    const child = await startLive(path);
    await say(child, 'updateSpan', 't1', 's1', { error: 'its own' });
    await say(child, 'close');
    await child.ended;
    expect((await look(path)).spans['s1']).toMatchObject({ ...ABORTED, error: 'its own' });
  });
});

it('two processes that update one span both have their say, and the last one is its writer', async () => {
  const path = join(tempFolder(), 'traces.db');
  const [one, other] = [await startLive(path), await startLive(path)];
  await say(one, 'updateSpan', 't1', 's1', { output: 'one', metadata: { one: 1 } });
  await say(other, 'updateSpan', 't1', 's1', { metadata: { other: 1 } });
  one.kill();
  await one.ended;
  const both = { output: 'one', metadata: { one: 1, other: 1 } };
  expect((await look(path)).spans['s1']).toMatchObject({ ...RUNNING, ...both });
  other.kill();
  await other.ended;
  expect((await look(path)).spans['s1']).toMatchObject({ ...ABORTED, ...both });
});

it('a trace that ended is never aborted, and a store in memory is its own', async () => {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path });
  await store.startTrace(trace());
  await store.endTrace('t1', { status: 'completed', completedAt: at(1) });
  await store.close();
  expect(await openStore({ path }).getTrace('t1')).not.toHaveProperty('state');
  const memory = openStore({ path: ':memory:' });
  await memory.startTrace(trace());
  await memory.startSpan({ traceId: 't1', spanId: 's1', kind: 'tool', name: 'n' });
  expect(await memory.getTrace('t1')).not.toHaveProperty('state');
  expect(await memory.getSpans('t1')).toMatchObject([{ state: 'running' }]);
});

describe('the file with the locks', () => {
  it('has the permissions of the database and goes with the last store', async () => {
    const path = join(tempFolder(), 'traces.db');
    const store = openStore({ path, fileMode: 0o640 });
    await store.getSpans('t1');
    expect(existsSync(`${path}-live`)).toBe(false);
    await store.startTrace(trace());
    expect(statSync(`${path}-live`).mode & 0o777).toBe(0o640);
    const child = await startLive(path);
    await store.close();
    expect(existsSync(`${path}-live`)).toBe(true);
    await say(child, 'close');
    await child.ended;
    expect(existsSync(`${path}-live`)).toBe(false);
  });

  it('is made anew by whoever reads or writes after it was deleted', async () => {
    const path = join(tempFolder(), 'traces.db');
    const [child, store] = [await startLive(path), openStore({ path })];
    const begun = { traceId: 't1', kind: 'custom', name: 'n', input: 'in' } as const;
    await store.startSpan({ ...begun, spanId: 'own' });
    rmSync(`${path}-live`);
    const other = await startLive(path, 'other');
    await say(child, 'updateSpan', 't1', 's1', { output: 'out' });
    expect((await store.getSpans('t1')).map(({ state }) => state)).toEqual(Array(3).fill('running'));
    const { spans } = await look(path);
    expect(spans).toMatchObject({ s1: { ...RUNNING, output: 'out' }, own: RUNNING, other: RUNNING });
    child.kill();
    await child.ended;
    expect((await look(path)).spans).toMatchObject({ s1: ABORTED, own: RUNNING, other: RUNNING });
    await say(other, 'close');
    await store.close();
    expect((await look(path)).spans).toMatchObject({ s1: ABORTED, own: ABORTED, other: ABORTED });
    expect(existsSync(`${path}-live`)).toBe(false);
  });

  it('need not be there for a viewer, nor may be written', async () => {
    const path = join(tempFolder(), 'traces.db');
    const child = await startLive(path);
    child.kill();
    await child.ended;
    setModes(join(path, '..'), 0o555, 0o444);
    expect(await look(path)).toMatchObject({ trace: 'aborted' });
    setModes(join(path, '..'), 0o755, 0o644);
    rmSync(`${path}-live`);
    expect(await look(path)).toMatchObject({ trace: 'aborted' });
  });
});
