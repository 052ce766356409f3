/** Spans in plain objects: all that was said of each, joined when it is read. */
import { isDeepStrictEqual } from 'node:util';
import type {
  LinkEnd,
  SpanChanges,
  SpanEndInput,
  SpanEventInput,
  SpanInput,
  SpanLink,
  SpanStartInput,
  Step,
  StepFields,
} from 'tracestore';
import type { SaidModel } from './model-said.js';

type Fields = Record<string, unknown>;

interface ToldSpan {
  /** The order of the first word. */
  seq: number;
  version: number;
  state: 'awaited' | 'running' | 'ended';
  /** By `addSpan`, or nothing. */
  whole: Fields;
  starts: Fields[];
  others: Fields[];
  /** Events that were added since a word gave all of them. */
  added: Fields[];
}

export class SpanModel {
  readonly #spans = new Map<string, ToldSpan>();
  readonly #said: SaidModel;

  /** Which keeps the links that spans give among all others. */
  constructor(said: SaidModel) {
    this.#said = said;
  }

  add(span: SpanInput): void {
    this.#write(span);
  }

  #write(span: SpanInput): { version: number } {
    const { links, ...whole } = span;
    const told = this.#told(span.traceId, span.spanId);
    this.#give(span.traceId, span.spanId, links ?? []);
    Object.assign(told, { state: 'ended', whole: { schemaVersion: 1, ...whole }, starts: [], others: [] });
    return { version: ++told.version };
  }

  addStep(traceId: string, step: Step, told: StepFields & { spanId: string; startedAt: Date }): object {
    const of = {
      thought: { name: 'thought' },
      tool_call: { kind: 'tool', name: 'tool', durationMs: (step as { durationMs?: number }).durationMs },
      error: { name: 'E', status: 'error', error: 'it failed' },
    }[step.type as 'thought'];
    const span = { kind: 'custom', status: 'ok', durationMs: 0, ...of, ...told, traceId, step };
    return { spanId: told.spanId, ...this.#write(span as SpanInput) };
  }

  start(span: SpanStartInput): { version: number } {
    const told = this.#told(span.traceId, span.spanId);
    if (told.state === 'ended') return { version: told.version };
    told.state = 'running';
    const { links, ...start } = span;
    if (this.#said.givenLinks({ traceId: span.traceId, spanId: span.spanId }).length === 0)
      this.#give(span.traceId, span.spanId, links);
    told.starts.push(start);
    return { version: ++told.version };
  }

  update(traceId: string, spanId: string, changes: SpanChanges): { version: number } {
    const told = this.#told(traceId, spanId);
    const { links, ...fields } = changes;
    this.#give(traceId, spanId, links);
    this.#change(told, fields);
    return { version: ++told.version };
  }

  end(traceId: string, spanId: string, end: SpanEndInput): { version: number } {
    const told = this.#told(traceId, spanId);
    told.state = 'ended';
    const { links, ...fields } = end;
    this.#give(traceId, spanId, links);
    this.#change(told, { durationMs: null, ...fields });
    const { startedAt } = joined(told);
    told.others.push({ startedAt: startedAt ?? end.endedAt });
    return { version: ++told.version };
  }

  addEvents(traceId: string, spanId: string, events: SpanEventInput[]): { version: number } {
    const told = this.#told(traceId, spanId);
    told.added.push(...events.map((event) => ({ ...event })));
    return { version: ++told.version };
  }

  /** Nothing of a span that is not shown. */
  changeTags(
    traceId: string,
    spanId: string,
    changed: (tags: string[]) => string[],
  ): { version: number } | undefined {
    const told = this.#spans.get(JSON.stringify([traceId, spanId]));
    if (told === undefined || told.state === 'awaited') return undefined;
    told.others.push({ tags: changed((joined(told)['tags'] as string[] | undefined) ?? []) });
    return { version: ++told.version };
  }

  /** How many there are that are shown. */
  get shown(): number {
    return [...this.#spans.values()].filter((told) => told.state !== 'awaited').length;
  }

  /** Those of a trace that are shown, as they were first spoken of. */
  of(traceId: string): Array<Fields & { seq: number }> {
    const found = [...this.#spans].filter(
      ([key, told]) => (JSON.parse(key) as string[])[0] === traceId && told.state !== 'awaited',
    );
    return found.map(([key, told]) => {
      const [, spanId] = JSON.parse(key) as string[];
      const links = this.#said.givenLinks({ traceId, spanId } as LinkEnd);
      const fields = { ...joined(told), ...(links.length > 0 && { links }) };
      // What counts most first.
      const words = [...told.others.toReversed(), told.whole, ...told.starts];
      return Object.assign(document(fields, told.state, { traceId, spanId }), { seq: told.seq, words });
    });
  }

  #give(traceId: string, spanId: string, links: SpanLink[] | null | undefined): void {
    if (links !== undefined) this.#said.giveLinks({ traceId, spanId }, links ?? []);
  }

  #change(told: ToldSpan, word: Fields): void {
    told.others.push(word);
    if (word['events'] !== undefined) told.added = [];
  }

  #told(traceId: string, spanId: string): ToldSpan {
    const key = JSON.stringify([traceId, spanId]);
    const known = this.#spans.get(key);
    if (known) return known;
    const seq = this.#spans.size;
    const told: ToldSpan = {
      seq,
      version: 0,
      state: 'awaited',
      whole: {},
      starts: [],
      others: [],
      added: [],
    };
    this.#spans.set(key, told);
    return told;
  }
}

/** How long one runs, and whether its process is there, is not for the model to know. */
export function withoutState({
  state: _state,
  status: _status,
  durationMs: _duration,
  error: _error,
  ...rest
}: Fields): Fields {
  return rest;
}

function document(fields: Fields, state: ToldSpan['state'], ids: object): Fields {
  const whole = { schemaVersion: 1, kind: 'custom', name: '', status: 'ok', ...fields, ...ids } as Fields;
  const { endedAt, ...shown } = whole;
  if (state === 'running') return withoutState(shown);
  const [start, end] = [shown['startedAt'] as Date, endedAt as Date | undefined];
  const lasted = end === undefined ? 0 : end.getTime() - start.getTime();
  const skew = lasted < 0 && { clockSkew: true, endedAtNs: `${end?.getTime()}000000` };
  const given = shown['durationMs'] as number | undefined;
  // One that lies before the start is told by no duration.
  const exactEnd = start.getTime() + (lasted < 0 ? lasted : (given ?? lasted));
  return { ...shown, durationMs: given ?? Math.max(0, lasted), ...skew, exactEnd };
}

/** What was said first is completed by later starts, and changed by all else. */
function joined({ whole, starts, others, added }: ToldSpan): Fields {
  const fields: Fields = { ...whole };
  for (const word of [...starts.toReversed(), ...others]) {
    for (const [key, value] of Object.entries(word)) {
      if (value === null) delete fields[key];
      else if (key === 'metadata' || key === 'genAiAttributes')
        fields[key] = { ...(fields[key] as object), ...(value as object) };
      else if (value !== undefined) fields[key] = value;
    }
  }
  const events = fields['events'] as Fields[] | undefined;
  return events || added.length > 0 ? { ...fields, events: withAdded(events ?? [], added) } : fields;
}

/** Those that both have once, by time. */
function withAdded(given: Fields[], added: Fields[]): Fields[] {
  const left = [...given];
  const more = added.filter((event) => {
    const at = left.findIndex((own) => isDeepStrictEqual(own, event));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  const time = (event: Fields): number => (event['time'] as Date).getTime();
  return [...given, ...more].toSorted((one, other) => time(one) - time(other));
}
