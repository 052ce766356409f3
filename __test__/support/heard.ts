/** What the spans of a trace tell of it where nobody said so, for the model. */
import { byStart, shown, time, type Fields, type Numbered } from './model-lists.js';

/** For the start of a trace of which nobody told one: the moment when it was first heard of, after all that are told. */
const UNTOLD = new Date(8.64e15);

/** What its first root span tells. */
function heardOf(root: Fields): Fields {
  const attributes = (root['genAiAttributes'] ?? {}) as Fields;
  const exactEnd = root['exactEnd'] as number | undefined;
  const heard = {
    agentName: root['name'],
    startedAt: root['startedAt'],
    sessionId: root['sessionId'],
    endUserId: root['endUserId'],
    model: attributes['gen_ai.request.model'],
    status: root['status'] === 'error' ? 'failed' : 'completed',
    completedAt: exactEnd === undefined ? undefined : new Date(Math.floor(exactEnd)),
    exactEnd,
  };
  const told = Object.fromEntries(Object.entries(heard).filter(([, value]) => value !== undefined));
  return exactEnd === undefined ? withoutEnd(told) : told;
}

const END = new Set(['status', 'completedAt', 'exactEnd']);

/** The same of a trace whose end was told. */
function withoutEnd(heard: Fields): Fields {
  return Object.fromEntries(Object.entries(heard).filter(([key]) => !END.has(key)));
}

/** What was told of a trace, and what its spans tell where nobody said so. */
export function wholeOf(told: Numbered<Fields>, spans: Array<Numbered<Fields>>): Numbered<Fields> {
  const sorted = byStart(spans);
  const root = sorted.find((span) => span['parentSpanId'] === undefined);
  const heard = root === undefined ? { startedAt: sorted[0]?.['startedAt'] ?? UNTOLD } : heardOf(root);
  const isEnded = told['status'] !== undefined;
  const derived = told['isStarted'] === true ? {} : isEnded ? withoutEnd(heard) : heard;
  return { status: 'running', ...derived, ...told };
}

/** With what stands for what is not known. */
export function readOf({ isStarted: _started, given: _given, exactEnd, ...whole }: Numbered<Fields>): Fields {
  const end = exactEnd ?? (whole['completedAt'] as Date | undefined)?.getTime();
  const duration = end === undefined ? undefined : (end as number) - time(whole, 'startedAt');
  return shown({
    schemaVersion: 1,
    agentName: '',
    agentVersion: '',
    userId: 0,
    auditingId: 0,
    input: { prompt: '', parameters: {} },
    durationMs: duration === undefined ? undefined : Math.max(0, duration),
    ...(duration !== undefined && duration < 0 && { clockSkew: true }),
    ...whole,
    ...(whole['startedAt'] === UNTOLD && { startedAt: 'untold' }),
  });
}
