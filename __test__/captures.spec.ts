/** What real frameworks emit goes in through the public API and comes out again, every span and field of it. */
import { describe, expect, it } from 'vitest';
import { readJson } from './adapters/capture.js';
import * as genkit from './adapters/genkit.js';
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
