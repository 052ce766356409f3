/** The contract in plain objects and scans, slow and easy to believe: what one tenant must be answered to each call. */
import { isDeepStrictEqual } from 'node:util';
import type {
  ConfigSnapshot,
  Session,
  SessionFilter,
  SpanChanges,
  SpanEndInput,
  SpanInput,
  SpanStartInput,
  TraceEndInput,
  TraceFilter,
  TraceInput,
  TraceTold,
} from 'tracestore';
import { SpanModel } from './model-spans.js';

import { ancestors } from './ancestors.js';
import { heardOf, withoutEnd } from './heard.js';

/** A call of a store's method, or of one of the actors' own (`children/actor.mjs`). */
export interface Call {
  /** Whose documents it is about. */
  tenant: string;
  method: string;
  args: unknown[];
}

export type Answer = { value: unknown } | { code: string };

type Fields = Record<string, unknown>;
type Numbered<T> = T & { seq: number };

class Refusal extends Error {}

export class Model {
  readonly #traces = new Map<string, Numbered<Fields>>();
  readonly #spans = new SpanModel();
  readonly #sessions = new Map<string, Numbered<Fields>>();
  readonly #snapshots = new Map<string, Fields>();
  #seq = 0;

  answer(method: string, args: unknown[]): Answer {
    try {
      const act = this[method as keyof this] as (...args: unknown[]) => unknown;
      return { value: structuredClone(act.apply(this, args)) };
    } catch (error) {
      if (error instanceof Refusal) return { code: error.message };
      throw error;
    }
  }

  startTrace(trace: TraceInput): void {
    const known = this.#traces.get(trace.traceId);
    if (known?.['isStarted'] === true) throw new Refusal('ALREADY_EXISTS');
    const told = known ?? this.#found(trace.traceId);
    const { tags = [], ...given } = trace;
    change(told, given);
    told['tags'] = [...new Set([...tags, ...(told['tags'] as string[])])];
    Object.assign(told, { isStarted: true, seq: ++this.#seq });
  }

  ensureTrace(trace: TraceTold): void {
    const told = this.#traces.get(trace.traceId) ?? this.#found(trace.traceId);
    const { tags = [], ...given } = trace;
    const mayCorrect = this.#whole(told)['status'] === 'running';
    const lacks = ([key]: [string, unknown]) => told[key] === undefined;
    change(told, mayCorrect ? given : Object.fromEntries(Object.entries(given).filter(lacks)));
    told['tags'] = [...new Set([...(told['tags'] as string[]), ...tags])];
  }

  endTrace(traceId: string, result: TraceEndInput): void {
    const trace = this.#known(traceId);
    const { status, completedAt, durationMs, tags, ...body } = result;
    Object.assign(trace, {
      status,
      ...(completedAt && { completedAt }),
      ...(durationMs !== undefined && { durationMs }),
    });
    if (tags === null) trace['tags'] = [];
    trace['tags'] = [...new Set([...(trace['tags'] as string[]), ...(tags ?? [])])];
    change(trace, body);
  }

  setApiIO(traceId: string, io: Fields): void {
    change(this.#known(traceId), io);
  }

  setTraceScores(traceId: string, scores: Record<string, number>): void {
    change(this.#known(traceId), { scores });
  }

  setTraceTags(traceId: string, tags: string[]): void {
    this.#known(traceId)['tags'] = tags;
  }

  addSpan(span: SpanInput): void {
    this.#spans.add(span);
  }

  readonly startSpan = (span: SpanStartInput) => this.#spans.start(span);
  readonly updateSpan = (traceId: string, spanId: string, changes: SpanChanges) =>
    this.#spans.update(traceId, spanId, changes);
  readonly endSpan = (traceId: string, spanId: string, end: SpanEndInput) =>
    this.#spans.end(traceId, spanId, end);

  upsertSession(session: Session): void {
    const known = this.#sessions.get(session.sessionId);
    const { createdAt, updatedAt, metadata, ...rest } = session;
    const merged = known ?? { seq: 0, createdAt, updatedAt };
    Object.assign(merged, rest, {
      seq: ++this.#seq,
      createdAt: earlier(merged['createdAt'] as Date, createdAt),
      updatedAt: later(merged['updatedAt'] as Date, updatedAt),
    });
    if (metadata !== undefined) change(merged, { metadata });
    this.#sessions.set(session.sessionId, merged);
  }

  ensureConfigSnapshot(snapshot: ConfigSnapshot): void {
    if (!this.#snapshots.has(snapshot.snapshotId)) this.#snapshots.set(snapshot.snapshotId, { ...snapshot });
  }

  getConfigSnapshot(snapshotId: string): unknown {
    return this.#snapshots.get(snapshotId) ?? null;
  }

  getTrace(traceId: string): unknown {
    const trace = this.#traces.get(traceId);
    return trace ? this.#read(trace) : null;
  }

  getSpans(traceId: string): unknown[] {
    const sorted = this.#spans
      .of(traceId)
      .toSorted((a, b) => time(a, 'startedAt') - time(b, 'startedAt') || a.seq - b.seq);
    const ordered = new Set(sorted.flatMap((span) => ancestors(span, sorted).toReversed().concat(span)));
    return [...ordered].map((span) => shown(span as Numbered<Fields>));
  }

  getSession(sessionId: string): unknown {
    const session = this.#sessions.get(sessionId);
    return session ? this.#counted(session) : null;
  }

  listTraces({ limit, offset, ...filter }: TraceFilter = {}): unknown {
    const all = [...this.#traces.values()].map((trace) => this.#whole(trace));
    const found = all.filter((trace) => matches(trace, filter));
    const { page, ...place } = pageOf(found, 'startedAt', limit, offset);
    return { traces: page.map((trace) => this.#read(trace)), ...place };
  }

  listSessions({ limit, offset, ...filter }: SessionFilter = {}): unknown {
    const found = [...this.#sessions.values()].filter((session) => matches(session, filter));
    const { page, ...place } = pageOf(found, 'updatedAt', limit, offset);
    return { sessions: page.map((session) => this.#counted(session)), ...place };
  }

  /** By cursors through the whole list: all of it in its order. */
  walk(method: 'listTraces' | 'listSessions', filter: object): unknown {
    const whole = this[method]({ ...filter, limit: Number.POSITIVE_INFINITY }) as Fields;
    return whole['traces'] ?? whole['sessions'];
  }

  /** What holds of everybody's documents at any moment: nothing is wrong. */
  checkLists(): null {
    return null;
  }

  reopen(): void {}

  counts(): Record<string, number> {
    return {
      traces: this.#traces.size,
      spans: this.#spans.shown,
      sessions: this.#sessions.size,
      configSnapshots: this.#snapshots.size,
    };
  }

  /** A trace of which something is heard for the first time. */
  #found(traceId: string): Numbered<Fields> {
    const trace = { traceId, tags: [], seq: ++this.#seq };
    this.#traces.set(traceId, trace);
    return trace;
  }

  /** What was told of a trace, and what its spans tell where nobody said so. */
  #whole(told: Numbered<Fields>): Numbered<Fields> {
    const spans = [...this.#spans.values()].filter((span) => span['traceId'] === told['traceId']);
    const byStart = (a: Numbered<Fields>, b: Numbered<Fields>) =>
      time(a, 'startedAt') - time(b, 'startedAt') || a.seq - b.seq;
    const first = spans.toSorted(byStart)[0];
    const root = spans.filter((span) => span['parentSpanId'] === undefined).toSorted(byStart)[0];
    const heard = root === undefined ? { startedAt: first?.['startedAt'] } : heardOf(root);
    const isEnded = told['status'] !== undefined;
    const derived = told['isStarted'] === true ? {} : isEnded ? withoutEnd(heard) : heard;
    return { status: 'running', ...derived, ...told };
  }

  /** With what stands for what is not known. */
  #read(told: Numbered<Fields>): Fields {
    const { isStarted: _, exactEnd, ...whole } = this.#whole(told);
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
    });
  }

  #known(traceId: string): Numbered<Fields> {
    const trace = this.#traces.get(traceId);
    if (!trace) throw new Refusal('NOT_FOUND');
    return trace;
  }

  #counted(session: Numbered<Fields>): Fields {
    const traces = [...this.#traces.values()].filter(
      (trace) => this.#whole(trace)['sessionId'] === session['sessionId'],
    ).length;
    return shown({ ...session, traceCount: Math.max(session['traceCount'] as number, traces) });
  }
}

/** Whether an answer is the expected one; a cursor is each store's own, only whether there is one counts. */
export function agree(answer: Answer, expected: Answer): boolean {
  return isDeepStrictEqual(answer, expected);
}

/** Fields given replace, `null` clears; `scores` and `metadata` merge at their top level. */
function change(document: Fields, fields: Fields): void {
  for (const [key, value] of Object.entries(fields)) {
    const merges = key === 'scores' || key === 'metadata';
    if (value === null) delete document[key];
    else if (value !== undefined) document[key] = merges ? { ...(document[key] as object), ...value } : value;
  }
}

function shown(document: Numbered<Fields>): Fields {
  const fields = Object.entries(document);
  return Object.fromEntries(fields.filter(([key, value]) => key !== 'seq' && value !== undefined));
}

function pageOf(found: Numbered<Fields>[], by: string, limit = 50, offset = 0) {
  const sorted = found.toSorted((a, b) => time(b, by) - time(a, by) || b.seq - a.seq);
  const page = sorted.slice(offset, offset + limit);
  const hasMore = offset + limit < sorted.length;
  return { page, total: sorted.length, hasMore, nextCursor: hasMore && limit > 0 };
}

function matches(document: Fields, { tags, after, before, ...equal }: TraceFilter): boolean {
  return (
    Object.entries(equal).every(([key, value]) => value === undefined || document[key] === value) &&
    (tags ?? []).every((tag) => (document['tags'] as string[]).includes(tag)) &&
    (after === undefined || time(document, 'startedAt') >= after.getTime()) &&
    (before === undefined || time(document, 'startedAt') < before.getTime())
  );
}

function time(document: Fields, key: string): number {
  return (document[key] as Date).getTime();
}

function earlier(one: Date, other: Date): Date {
  return one <= other ? one : other;
}

function later(one: Date, other: Date): Date {
  return one >= other ? one : other;
}
