/** What real frameworks emit goes in through the public API and comes out again, every span and field of it. */
import { describe, expect, it } from 'vitest';
import { AiSdk } from './adapters/ai-sdk.js';
import { readJson, readLines, type Json } from './adapters/capture.js';
import * as genkit from './adapters/genkit.js';
import * as langchain from './adapters/langchain.js';
import * as mastra from './adapters/mastra.js';
import * as openai from './adapters/openai-agents.js';
import * as otlp from './adapters/otlp.js';
import { openStore } from './support.js';
import type { SqliteTraceStore, Span } from 'tracestore';

/** By span, the spans of these traces. */
async function spansOf(store: SqliteTraceStore, traceIds: Iterable<string>): Promise<Map<string, Span>> {
  const read = await Promise.all([...new Set(traceIds)].map((traceId) => store.getSpans(traceId)));
  return new Map(read.flat().map((span) => [span.spanId, span]));
}

describe.each([
  'otel-js/req-001.json',
  'otel-python/req-001.pb.decoded.json',
  'openinference/req-001.json',
  'openinference/req-002.json',
])('OTLP of %s', (file) => {
  it('comes back whole', async () => {
    const heard: unknown[] = [];
    const store = openStore({ onError: (error) => heard.push(error) });
    const request = readJson(file);
    await Promise.all(otlp.spansOf(request).map((span) => store.addSpan(span)));
    const exported = otlp.exported(request);
    const spans = await spansOf(
      store,
      exported.map(({ traceId }) => traceId),
    );
    expect(spans.size).toBe(exported.length);
    for (const span of exported) expect(otlp.asExported(spans.get(span.spanId) as Span)).toEqual(span);
    expect(heard).toEqual([]);
  });
});

it('OTLP is read by nanoseconds, a parent before its children', async () => {
  const store = openStore();
  for (const file of ['otel-js/req-001.json', 'openinference/req-002.json', 'openinference/req-001.json'])
    await Promise.all(otlp.spansOf(readJson(file)).map((span) => store.addSpan(span)));
  const names = async (traceId: string) => (await store.getSpans(traceId)).map(({ name }) => name);
  expect(await names('ac8c6058859aa6cbbd35872841badcf2')).toEqual([
    'invoke_agent support-agent',
    'chat mock-gpt',
    'execute_tool lookup_order',
    'execute_tool refund_order',
    'edge-attributes',
  ]);
});

it('Genkit comes back whole', async () => {
  const heard: unknown[] = [];
  const store = openStore({ onError: (error) => heard.push(error) });
  const bodies = [24, 25, 26, 27, 28].map((n) => readJson(`genkit-1.42/req-0${n}.json`));
  for (const span of bodies.flatMap(genkit.spansOf)) await store.addSpan(span);
  const posted = bodies.flatMap(({ spans }) => Object.values<never>(spans));
  const spans = await spansOf(
    store,
    bodies.map(({ traceId }) => traceId),
  );
  expect(spans.size).toBe(posted.length);
  for (const span of posted as Array<{ spanId: string }>)
    expect(genkit.asPosted(spans.get(span.spanId) as Span)).toEqual(span);
  expect(heard).toEqual([]);
});

/** The last that was seen of each, by its id. */
function lastOf<T>(seen: T[], id: (one: T) => string): Map<string, T> {
  return new Map(seen.map((one) => [id(one), one]));
}

it.each(['langchain/basetracer.graph.jsonl', 'langchain/basetracer.failing.jsonl'])(
  'LangChain of %s comes back whole',
  async (file) => {
    const heard: unknown[] = [];
    const store = openStore({ onError: (error) => heard.push(error) });
    const lines = readLines(file).filter(({ run }) => run !== undefined);
    for (const line of lines) await langchain.play(store, line);
    const runs = lastOf(
      lines.map(({ run }) => run),
      ({ id }) => id as string,
    );
    const spans = await spansOf(
      store,
      [...runs.values()].map((run) => run.trace_id as string),
    );
    expect(spans.size).toBe(runs.size);
    for (const [id, run] of runs) expect(langchain.asRun(spans.get(id) as Span)).toEqual(run);
    expect(heard).toEqual([]);
  },
);

it.each(['openai-agents/chat.processor-events.jsonl', 'openai-agents/responses.processor-events.jsonl'])(
  'OpenAI Agents of %s come back whole',
  async (file) => {
    const heard: unknown[] = [];
    const store = openStore({ onError: (error) => heard.push(error) });
    const lines = readLines(file);
    for (const line of lines) await openai.play(store, line);
    const views = lastOf(
      lines.filter(({ cb }) => /Span/.test(cb as string)).map(({ view }) => view),
      ({ spanId }) => spanId as string,
    );
    const spans = await spansOf(
      store,
      [...views.values()].map((view) => view.traceId as string),
    );
    expect(spans.size).toBe(views.size);
    for (const [id, view] of views) expect(openai.asView(spans.get(id) as Span)).toEqual(view);
    expect(heard).toEqual([]);
  },
);

it.each(['realtime', 'batch-with-updates'])('Mastra, strategy %s, comes back whole', async (strategy) => {
  const heard: unknown[] = [];
  const store = openStore({ onError: (error) => heard.push(error) });
  const calls = readLines(`mastra-1.71/${strategy}.storage-calls.jsonl`);
  const records = new Map<string, Json>();
  for (const call of calls) {
    await mastra.play(store, call);
    for (const record of (call.args[0].records ?? []) as Json[])
      records.set(record.spanId, { ...records.get(record.spanId), ...(record.updates ?? record) });
  }
  const spans = await spansOf(
    store,
    [...records.values()].map((record) => record.traceId as string),
  );
  expect(spans.size).toBe(records.size);
  for (const [id, record] of records)
    expect(withoutNothing(mastra.asRecord(spans.get(id) as Span))).toEqual(withoutNothing(record));
  expect(heard).toEqual([]);
});

/** What is `null` or absent in a record says the same. */
function withoutNothing(record: Json): Json {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined),
  );
}

it.each(['generate', 'failing'])('the AI SDK, %s, comes back whole', async (run) => {
  const heard: unknown[] = [];
  const store = openStore({ onError: (error) => heard.push(error) });
  const sdk = new AiSdk(store);
  for (const line of readLines(`ai-sdk-7/telemetry-integration.${run}.jsonl`)) await sdk.play(line);
  const spans = await spansOf(
    store,
    sdk.told.map(({ traceId }) => traceId),
  );
  expect(spans.size).toBe(new Set(sdk.told.map(({ spanId }) => spanId)).size);
  // A date inside of an input or output is the text that JSON makes of it.
  for (const { spanId, side, event } of sdk.told)
    expect(spans.get(spanId)?.[side]).toEqual(JSON.parse(JSON.stringify(event)));
  expect(heard).toEqual([]);
});
