// A scripted weather agent: stands for your model and tools, and shows where each call to the store goes.
import { randomUUID } from 'node:crypto';

import type { ConfigSnapshot, SpanInput } from 'tracestore';

import { traceStore } from './store';

export interface Question {
  prompt: string;
  sessionId?: string;
  userId?: number;
}

export interface Answer {
  text: string;
  traceId: string;
  sessionId: string;
  spanIds: string[];
}

/** Answers a question and records the run. Only the last write is awaited: it is committed after all earlier ones. */
export async function answer({ prompt, sessionId = randomUUID(), userId = 1 }: Question): Promise<Answer> {
  const store = traceStore();
  const traceId = randomUUID();
  const owner = { userId, auditingId: userId };
  const now = new Date();
  void store.ensureConfigSnapshot(config);
  void store.upsertSession({
    schemaVersion: 1,
    sessionId,
    ...owner,
    createdAt: now,
    updatedAt: now,
    traceCount: 0,
    tags: ['chat'],
  });
  void store.startTrace({
    traceId,
    sessionId,
    configSnapshotId: config.snapshotId,
    agentName: config.agentName,
    agentVersion: config.agentVersion,
    input: { prompt, parameters: {} },
    ...owner,
  });

  const spans = converse(traceId, prompt);
  for (const span of spans) void store.addSpan(span);

  const text = String(spans.at(-1)?.output);
  await store.endTrace(traceId, {
    status: 'completed',
    output: { success: true, data: text, toolsUsed: ['get_weather'] },
    tokens: { input: 142, output: 31, total: 173 },
    cost: { total: 0.0021, currency: 'USD' },
  });
  return { text, traceId, sessionId, spanIds: spans.map((span) => span.spanId) };
}

/** What this deployment answers with; recorded once, however often it is written. */
export const config: ConfigSnapshot = {
  schemaVersion: 1,
  snapshotId: 'weather-agent-1',
  agentName: 'weather-agent',
  agentVersion: '1.0.0',
  model: 'scripted-1',
  modelParams: { temperature: 0 },
  prompts: { system: 'You answer questions about the weather. Use the tool.' },
  tags: ['example'],
  createdAt: new Date('2026-01-01T00:00:00Z'),
};

/** Model call, tool call, model call: in a real agent each span is added as soon as it ends. */
function converse(traceId: string, prompt: string): SpanInput[] {
  const start = Date.now();
  const city = /\bin ([\p{L} ]+)/u.exec(prompt)?.[1]?.trim() ?? 'Helsinki';
  const asked = [
    { role: 'system', content: config.prompts.system },
    { role: 'user', content: prompt },
  ];
  const call = { name: 'get_weather', arguments: { city } };
  const weather = { city, celsius: 7, sky: 'light rain' };
  const told = [...asked, { role: 'assistant', call }, { role: 'tool', content: weather }];
  const text = `In ${city} it is 7 °C with light rain.`;
  const span = (after: number) => ({
    spanId: randomUUID(),
    traceId,
    status: 'ok' as const,
    startedAt: new Date(start + after),
    durationMs: 1,
  });
  const model = { kind: 'llm' as const, name: `chat ${config.model}` };
  const tool = { kind: 'tool' as const, name: call.name, toolType: 'framework' as const };
  return [
    { ...span(0), ...model, input: asked, output: call, genAiAttributes: usage(58, 14) },
    { ...span(1), ...tool, input: call.arguments, output: weather },
    { ...span(2), ...model, input: told, output: text, genAiAttributes: usage(84, 17) },
  ];
}

function usage(input: number, output: number): SpanInput['genAiAttributes'] {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': config.model,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
  };
}
