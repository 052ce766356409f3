/** A `Telemetry` integration of the AI SDK: calls, steps, model calls and tools start and end. */
import type { SpanKind, TenantTraceStore } from 'tracestore';
import type { Json } from './capture.js';

/** Beginnings and ends by hook: what they are of, and its kind. */
const STARTS: Readonly<Record<string, [what: string, SpanKind]>> = {
  onStart: ['call', 'agent'],
  onStepStart: ['step', 'custom'],
  onLanguageModelCallStart: ['model', 'llm'],
  onToolExecutionStart: ['tool', 'tool'],
};
const ENDS: Readonly<Record<string, string>> = {
  onEnd: 'call',
  onError: 'call',
  onStepEnd: 'step',
  onStepError: 'step',
  onLanguageModelCallEnd: 'model',
  onToolExecutionEnd: 'tool',
};

/** Where a span is, and what is known of it by an event. */
export interface Told {
  traceId: string;
  spanId: string;
  side: 'input' | 'output';
  event: Json;
}

/** Plays the hooks of a run in their order. */
export class AiSdk {
  readonly told: Told[] = [];
  readonly #store: TenantTraceStore;
  /** The model calls that began in each call. */
  readonly #modelCalls = new Map<string, number>();

  constructor(store: TenantTraceStore) {
    this.#store = store;
  }

  async play({ hook, event }: Json): Promise<void> {
    const start = STARTS[hook];
    if (start !== undefined) return this.#start(hook, event, ...start);
    const what = ENDS[hook];
    if (what !== undefined) await this.#end(hook, event, what);
  }

  async #start(hook: string, event: Json, what: string, kind: SpanKind): Promise<void> {
    const { callId: traceId } = event;
    if (what === 'model') this.#modelCalls.set(traceId, (this.#modelCalls.get(traceId) ?? 0) + 1);
    const spanId = this.#idOf(what, event);
    this.told.push({ traceId, spanId, side: 'input', event });
    const parent = what === 'call' ? {} : { parentSpanId: `${traceId}:call` };
    const name = event.toolCall?.toolName ?? event.operationId ?? what;
    await this.#store.startSpan({ traceId, spanId, ...parent, kind, type: hook, name, input: event });
  }

  async #end(hook: string, event: Json, what: string): Promise<void> {
    const { callId: traceId } = event;
    const spanId = this.#idOf(what, event);
    this.told.push({ traceId, spanId, side: 'output', event });
    const failed = hook.endsWith('Error') ? { status: 'error' as const, errorInfo: event.error } : {};
    await this.#store.endSpan(traceId, spanId, { output: event, ...failed });
  }

  #idOf(what: string, { callId, stepNumber, toolCall }: Json): string {
    if (what === 'tool') return `${callId}:${toolCall.toolCallId}`;
    if (what === 'model') return `${callId}:model:${this.#modelCalls.get(callId)}`;
    return what === 'step' ? `${callId}:step:${stepNumber}` : `${callId}:call`;
  }
}
