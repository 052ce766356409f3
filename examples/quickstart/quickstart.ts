// The quick start of the README as a program: records one run of an agent, reads it back, prints it.
import { SqliteTraceStore } from 'tracestore';

async function main(): Promise<void> {
  const store = new SqliteTraceStore({ path: 'traces.db' });
  const traceId = crypto.randomUUID();
  const startedAt = new Date();

  await store.startTrace({
    traceId,
    agentName: 'greeter',
    agentVersion: '1.0.0',
    input: { prompt: 'Say hello', parameters: {} },
    userId: 1,
    auditingId: 1,
  });
  await store.addSpan({
    spanId: crypto.randomUUID(),
    traceId,
    kind: 'llm',
    name: 'chat',
    input: [{ role: 'user', content: 'Say hello' }],
    output: { role: 'assistant', content: 'Hello!' },
    status: 'ok',
    startedAt,
    durationMs: 12,
  });
  await store.endTrace(traceId, { status: 'completed', output: { success: true, data: 'Hello!' } });

  const { traces, total } = await store.listTraces({ agentName: 'greeter', limit: 1 });
  console.log(`${total} traces; the latest is ${traces[0]?.status}:`);
  for (const span of await store.getSpans(traceId))
    console.log(`  ${span.kind} ${span.name}, ${span.durationMs} ms`);
  await store.close();
}

void main();
