/** `captureContent: false`: content does not come back, wherever it hides; metadata does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, openStore, session, snapshot, span, T0, tempFolder } from './support.js';
import { documents } from './support/planted.js';
import { standStill } from './support/still.js';

const still = standStill();

async function record(store: SqliteTraceStore, word: (place: string) => string): Promise<unknown> {
  still.begin();
  const { startTrace, end, llm, conversation, score, annotation, link, io } = documents(word);
  await store.upsertSession(conversation);
  await store.startTrace(startTrace);
  await store.addSpan(llm);
  await store.addScore(score);
  await store.addAnnotation(annotation);
  await store.addLinks([link]);
  await store.endTrace('t1', { ...end, completedAt: at(1500) });
  const ended = await store.getTrace('t1');
  await store.setApiIO('t1', io);
  return [
    ended,
    await store.getTrace('t1'),
    await store.getSpans('t1'),
    await store.getSession('c1'),
    await store.listTraces(),
    await store.listSessions(),
    await store.listScores(),
    await store.getAnnotations('t1'),
    await store.getLinks({ traceId: 't1' }),
  ];
}

/** A word that is easily found again; places of one length have words of one length. */
const planted = (mark: string) => (place: string) => `${mark}${place}${mark}`;

/** What a store leaves on the disk, once nothing has it open. */
async function fileOf(mark: string, captureContent: boolean): Promise<Buffer> {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path, captureContent });
  await record(store, planted(mark));
  await store.close();
  return readFileSync(path);
}

describe('content', () => {
  it('does not come back from any place', async () => {
    const store = openStore({ captureContent: false });
    const answers = JSON.stringify(await record(store, planted('Zanzibar')));
    expect(answers).not.toMatch(/zanzibar/i);
  });

  it('makes no difference to any answer', async () => {
    const one = await record(openStore({ captureContent: false }), planted('Zanzibar'));
    const other = await record(openStore({ captureContent: false }), planted('Honolulu'));
    expect(other).toEqual(one);
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  it('makes no difference to any byte of the file, and does when it is captured', async () => {
    const [one, other, seen] = [
      await fileOf('Zanzibar', false),
      await fileOf('Honolulu', false),
      await fileOf('Honolulu', true),
    ];
    expect(other.equals(one)).toBe(true);
    expect(seen.equals(one)).toBe(false);
  });

  it('comes back when it is captured, so that these tests look in the right places', async () => {
    const answers = JSON.stringify(await record(openStore(), planted('Zanzibar')));
    const places: string[] = [];
    documents((place) => {
      places.push(place);
      return planted('Zanzibar')(place);
    });
    // setApiIO replaces what startTrace and endTrace gave, but the answer before it is there too.
    for (const place of places) expect(answers).toContain(planted('Zanzibar')(place));
  });
});

describe('what remains', () => {
  it('of a trace', async () => {
    const store = openStore({ captureContent: false });
    await record(store, planted('x'));
    expect(await store.getTrace('t1')).toEqual({
      schemaVersion: 1,
      traceId: 't1',
      sessionId: 'c1',
      agentName: 'planner',
      agentVersion: '1.2.3',
      input: {
        prompt: '[omitted: string, 8 chars]',
        parameters: { omitted: 'object', keys: 2 },
        history: [
          { role: 'user', content: '[omitted: string, 9 chars]' },
          { role: '[omitted: string, 6 chars]', content: '[omitted: string, 0 chars]', omittedKeys: 1 },
        ],
        metadata: { omitted: 'object', keys: 1 },
        omittedKeys: 1,
      },
      output: {
        success: false,
        data: { omitted: 'array', length: 1 },
        error: '[omitted: string, 13 chars]',
        toolsUsed: ['search'],
        omittedKeys: 1,
      },
      apiInput: { omitted: 'array', length: 1 },
      apiOutput: { omitted: 'string', length: 14 },
      status: 'failed',
      userId: 7,
      auditingId: 70,
      startedAt: T0,
      completedAt: at(1500),
      durationMs: 1500,
      tokens: { input: 1, output: 2, total: 3, omittedKeys: 1 },
      cost: { total: 0.5, currency: 'USD', byModel: { 'gemini-2': 0.5 }, omittedKeys: 1 },
      tags: ['prod'],
      scores: { quality: 0.25 },
      metadata: { omitted: 'object', keys: 1 },
      errorInfo: {
        type: 'Failed',
        message: '[omitted: string, 17 chars]',
        data: { omitted: 'array', length: 1 },
      },
      statusReason: '[omitted: string, 280 chars]',
      omittedKeys: 1,
    });
  });

  it('of a span', async () => {
    const store = openStore({ captureContent: false });
    await record(store, planted('x'));
    expect(await store.getSpans('t1')).toEqual([
      {
        schemaVersion: 1,
        spanId: 's1',
        traceId: 't1',
        parentSpanId: 's0',
        kind: 'llm',
        name: 'chat',
        input: { omitted: 'object', keys: 2 },
        output: { omitted: 'string', length: 12 },
        status: 'error',
        error: '[omitted: string, 7 chars]',
        startedAt: T0,
        durationMs: 12.5,
        genAiAttributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.system': 'gemini',
          'gen_ai.request.model': 'gemini-2',
          'gen_ai.request.temperature': 0.5,
          'gen_ai.request.stream': true,
          'gen_ai.usage.input_tokens': 10,
          'gen_ai.usage.cache_creation.input_tokens': 4,
          'gen_ai.response.finish_reasons': ['stop'],
          'gen_ai.system_instructions': '[omitted: string, 20 chars]',
          'gen_ai.input.messages': { omitted: 'array', length: 1 },
          'gen_ai.output.messages': '[omitted: string, 16 chars]',
          'gen_ai.prompt': '[omitted: string, 11 chars]',
          'gen_ai.tool.call.arguments': { omitted: 'object', keys: 1 },
          'gen_ai.tool.definitions': { omitted: 'array', length: 1 },
          'gen_ai.response.id': '[omitted: string, 240 chars]',
          'gen_ai.usage.output_tokens': '[omitted: string, 12 chars]',
          'gen_ai.agent.name': { omitted: 'array', length: 1 },
          omittedKeys: 8,
        },
        toolType: 'mcp',
        metadata: { omitted: 'object', keys: 1 },
        attributes: { omitted: 'object', keys: 1 },
        resource: { omitted: 'object', keys: 1 },
        scope: { name: 'genai', attributes: { omitted: 'object', keys: 1 }, omittedKeys: 1 },
        events: [{ name: 'token', time: T0, attributes: { omitted: 'object', keys: 1 }, omittedKeys: 1 }],
        links: [{ to: { traceId: 't0' }, type: 'child_of', attributes: { omitted: 'object', keys: 1 } }],
        errorInfo: {
          type: 'Failed',
          message: '[omitted: string, 14 chars]',
          stack: '[omitted: string, 12 chars]',
          data: { omitted: 'string', length: 11 },
          cause: { type: 'Cause', message: '[omitted: string, 14 chars]', omittedKeys: 1 },
        },
        step: {
          type: 'decision',
          question: '[omitted: string, 10 chars]',
          options: ['[omitted: string, 8 chars]', { omitted: 'object', keys: 1 }],
          chosen: { omitted: 'object', keys: 1 },
          reasoning: '[omitted: string, 11 chars]',
          omittedKeys: 1,
        },
        omittedKeys: 1,
      },
    ]);
  });

  it('of a session', async () => {
    const store = openStore({ captureContent: false });
    await record(store, planted('x'));
    expect(await store.getSession('c1')).toEqual({
      ...session({ traceCount: 1 }),
      metadata: { omitted: 'object', keys: 1 },
      omittedKeys: 1,
    });
  });

  it('of values that are neither text, list nor object', async () => {
    const store = openStore({ captureContent: false });
    const values = [5, true, null, undefined, 7n, () => 1];
    for (const [i, input] of values.entries()) await store.addSpan(span({ spanId: `s${i}`, input }));
    const stored = await store.getSpans('t1');
    expect(stored.map(({ input }) => input as unknown)).toEqual([
      { omitted: 'number' },
      { omitted: 'boolean' },
      null,
      undefined,
      { omitted: 'bigint' },
      { omitted: 'function' },
    ]);
  });

  it('is a config snapshot as a whole, which is the developer’s own text', async () => {
    const store = openStore({ captureContent: false });
    const own = { ...snapshot({ executionPlan: { steps: ['a'] }, groundingConfig: [1] }), own: 'kept' };
    await store.ensureConfigSnapshot(own);
    expect(await store.getConfigSnapshot('cfg1')).toEqual(own);
  });
});

it('captureErrors keeps error text, and nothing else', async () => {
  const store = openStore({ captureContent: false, captureErrors: true });
  const answers = JSON.stringify(await record(store, planted('Zanzibar')));
  const words = new Set(answers.match(/Zanzibar\w+Zanzibar/g));
  const errors = ['causeMessage', 'endErrorMessage', 'errorMessage', 'errorStack', 'error', 'outputError'];
  expect([...words].toSorted()).toEqual(errors.map((place) => `Zanzibar${place}Zanzibar`));
});

it('does not change the caller’s documents', async () => {
  const store = openStore({ captureContent: false });
  const given = documents(planted('x'));
  await store.startTrace(given.startTrace);
  await store.addSpan(given.llm);
  expect(given).toEqual(documents(planted('x')));
});
