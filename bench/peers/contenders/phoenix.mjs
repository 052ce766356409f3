// Arize Phoenix over HTTP: spans with OpenInference attributes, 512 a request as OpenTelemetry's batch processor sends them, then until the server counts them all.
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { startPhoenix } from '../phoenix-server.mjs';
import { batches, tracesOf } from '../work.mjs';

const BATCH = 512;
const POLL_MS = 250; // an answer costs the server 5 ms
const PATIENCE_MS = 600_000;
const KINDS = { llm: 'LLM', tool: 'TOOL', agent: 'AGENT', retrieval: 'RETRIEVER' };
const SCOPE = { name: 'tracestore-bench' };
const RESOURCE = resourceFromAttributes({ 'service.name': 'tracestore-bench' });

export async function open(folder) {
  const server = await startPhoenix(folder);
  const exporter = new OTLPTraceExporter({ url: `${server.url}/v1/traces` });
  const ask = async (path) => {
    const response = await fetch(`${server.url}/v1/projects/default/${path}`);
    if (!response.ok) throw new Error(`Phoenix answered ${response.status} to ${path}`);
    return (await response.json()).data;
  };
  return {
    prepare: (calls) => tracesOf(calls).flatMap(exported),
    write: async (spans) => {
      for (const batch of batches(spans, BATCH)) await send(exporter, batch);
      await untilStored(server, spans.length);
    },
    conversation: async (traceId) => {
      const spans = await ask(`spans?limit=1000&trace_id=${hex(traceId, 32)}`);
      return spans.filter(({ parent_id }) => parent_id).map((span) => parse(span.attributes['input.value']));
    },
    firstPage: (limit) => ask(`traces?limit=${limit}`),
    serverCpuUs: server.cpuUs,
    serverRssBytes: server.rssBytes,
    close: async () => {
      await exporter.shutdown();
      await server.stop();
    },
  };
}

async function send(exporter, spans) {
  const { promise, resolve } = Promise.withResolvers();
  exporter.export(spans, resolve);
  const { error } = await promise;
  if (error) throw error;
}

/** Phoenix answers a request before it has stored the spans. */
async function untilStored(server, wanted) {
  const query = '{ projects { edges { node { name recordCount } } } }';
  for (const start = performance.now(); performance.now() - start < PATIENCE_MS; await setTimeout(POLL_MS)) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data } = await response.json();
    const project = data.projects.edges.find(({ node }) => node.name === 'default');
    if (project?.node.recordCount >= wanted) return;
  }
  throw new Error(`Phoenix did not store ${wanted} spans in ${PATIENCE_MS / 1_000} s`);
}

/** The spans as OpenTelemetry's SDK would hand them to its exporter: the trace is the root span, which ends last. */
function exported({ trace, result, spans }) {
  const who = {
    'user.id': String(trace.userId),
    ...(trace.sessionId ? { 'session.id': trace.sessionId } : {}),
  };
  const root = readable({
    traceId: trace.traceId,
    spanId: `root-${trace.traceId}`,
    name: trace.agentName,
    from: trace.startedAt,
    to: result.completedAt,
    failed: result.status === 'failed',
    attributes: {
      ...openInference('AGENT', trace.input, result.output, trace.metadata),
      ...who,
      'tag.tags': trace.tags,
    },
  });
  const children = spans.map((span) =>
    readable({
      ...span,
      parentSpanId: span.parentSpanId ?? `root-${trace.traceId}`,
      from: span.startedAt,
      to: new Date(span.startedAt.getTime() + span.durationMs),
      failed: span.status === 'error',
      attributes: {
        ...openInference(KINDS[span.kind] ?? 'CHAIN', span.input, span.output, span.metadata),
        ...span.genAiAttributes,
        ...who,
      },
    }),
  );
  return [...children, root];
}

function openInference(kind, input, output, metadata) {
  const values = Object.entries({ input, output }).filter(([, value]) => value !== undefined);
  return {
    'openinference.span.kind': kind,
    ...Object.fromEntries(
      values.flatMap(([name, value]) => [
        [`${name}.value`, JSON.stringify(value)],
        [`${name}.mime_type`, 'application/json'],
      ]),
    ),
    ...(metadata ? { metadata: JSON.stringify(metadata) } : {}),
  };
}

function readable({ traceId, spanId, parentSpanId, name, from, to, failed, error, attributes }) {
  const context = (id) => ({ traceId: hex(traceId, 32), spanId: hex(id, 16), traceFlags: 1 });
  return {
    name,
    kind: 0,
    spanContext: () => context(spanId),
    ...(parentSpanId ? { parentSpanContext: context(parentSpanId) } : {}),
    startTime: hrTime(from),
    endTime: hrTime(to),
    status: failed ? { code: 2, message: error } : { code: 1 },
    attributes,
    links: [],
    events: [],
    resource: RESOURCE,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function hrTime(date) {
  const ms = date.getTime();
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];
}

/** OpenTelemetry's ids have a fixed length. */
function hex(id, length) {
  return createHash('sha256').update(id).digest('hex').slice(0, length);
}

function parse(text) {
  return text === undefined ? undefined : JSON.parse(text);
}
