/** The contract in plain objects and scans, slow and easy to believe: what one tenant must be answered to each call. */
import { isDeepStrictEqual } from 'node:util';
import type {
  ConfigSnapshot,
  Session,
  SessionFilter,
  SpanInput,
  TagChanges,
  TraceEndInput,
  TraceFilter,
  TraceInput,
  WriteOptions,
} from 'tracestore';
import {
  derivedDuration,
  ancestors,
  earlier,
  later,
  matches,
  pageOf,
  shown,
  time,
  type Fields,
  type Numbered,
} from './model-lists.js';
import { changedTags, SaidModel } from './model-said.js';

/** A call of a store's method, or of one of the actors' own (`children/actor.mjs`). */
export interface Call {
  /** Whose documents it is about. */
  tenant: string;
  method: string;
  args: unknown[];
}

export type Answer = { value: unknown } | { code: string };

class Refusal extends Error {}

export class Model {
  readonly #traces = new Map<string, Numbered<Fields>>();
  readonly #spans = new Map<string, Numbered<Fields>>();
  readonly #sessions = new Map<string, Numbered<Fields>>();
  readonly #snapshots = new Map<string, Fields>();
  readonly #said = new SaidModel();
  /** How often each trace, and each span by its key, was changed itself. */
  readonly #versions = new Map<string, number>();
  readonly #givenDurations = new Map<string, number>();
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
    if (this.#traces.has(trace.traceId)) throw new Refusal('ALREADY_EXISTS');
    const started = { schemaVersion: 1, ...trace, status: 'running', tags: trace.tags ?? [] };
    this.#traces.set(trace.traceId, { ...started, seq: ++this.#seq });
    this.#changed(trace.traceId);
  }

  endTrace(traceId: string, result: TraceEndInput): void {
    const trace = this.#started(traceId);
    const { status, completedAt, durationMs, tags, scores, ...body } = result;
    Object.assign(trace, { status, ...(completedAt && { completedAt }) });
    if (durationMs !== undefined) this.#givenDurations.set(traceId, durationMs);
    trace['durationMs'] = this.#givenDurations.get(traceId) ?? derivedDuration(trace);
    if (time(trace, 'completedAt') < time(trace, 'startedAt')) trace['clockSkew'] = true;
    else delete trace['clockSkew'];
    if (tags === null) trace['tags'] = [];
    trace['tags'] = [...new Set([...(trace['tags'] as string[]), ...(tags ?? [])])];
    change(trace, body);
    this.#changeScores(trace, scores);
  }

  setApiIO(traceId: string, io: Fields): void {
    change(this.#started(traceId), io);
    this.#changed(traceId);
  }

  setTraceScores(traceId: string, scores: Record<string, number>): void {
    this.#changeScores(this.#started(traceId), scores);
  }

  setTraceTags(traceId: string, tags: string[], { ifVersion }: WriteOptions = {}): void {
    const version = this.versionOf(traceId) ?? 0;
    if (ifVersion !== undefined && ifVersion !== version) throw new Refusal('CONFLICT');
    this.#started(traceId)['tags'] = tags;
    this.#changed(traceId);
  }

  updateTraceTags(traceId: string, changes: TagChanges): unknown {
    const trace = this.#started(traceId);
    trace['tags'] = changedTags(trace['tags'] as string[], changes);
    return this.#changed(traceId);
  }

  updateSpanTags(traceId: string, spanId: string, changes: TagChanges): unknown {
    const key = JSON.stringify([traceId, spanId]);
    const span = this.#spans.get(key);
    if (!span) throw new Refusal('NOT_FOUND');
    span['tags'] = changedTags((span['tags'] as string[] | undefined) ?? [], changes);
    return this.#changed(key);
  }

  addScore = this.#said.addScore.bind(this.#said);
  deleteScore = this.#said.deleteScore.bind(this.#said);
  scores = this.#said.scores.bind(this.#said);
  annotate = this.#said.annotate.bind(this.#said);
  annotations = this.#said.annotations.bind(this.#said);
  addLinks = this.#said.addLinks.bind(this.#said);
  links = this.#said.links.bind(this.#said);

  versionOf(traceId: string): number | null {
    return this.#versions.get(traceId) ?? null;
  }

  addSpan(span: SpanInput): void {
    const key = JSON.stringify([span.traceId, span.spanId]);
    // A rewrite keeps its place.
    const seq = this.#spans.get(key)?.seq ?? ++this.#seq;
    this.#spans.set(key, { schemaVersion: 1, ...span, seq });
    this.#changed(key);
  }

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
    return trace ? this.#scored(trace) : null;
  }

  getSpans(traceId: string): unknown[] {
    const spans = [...this.#spans.values()].filter((span) => span['traceId'] === traceId);
    const sorted = spans.toSorted((a, b) => time(a, 'startedAt') - time(b, 'startedAt') || a.seq - b.seq);
    const ordered = new Set(sorted.flatMap((span) => ancestors(span, sorted).toReversed().concat(span)));
    return [...ordered].map((span) => shown(span as Numbered<Fields>));
  }

  getSession(sessionId: string): unknown {
    const session = this.#sessions.get(sessionId);
    return session ? this.#counted(session) : null;
  }

  listTraces({ limit, offset, ...filter }: TraceFilter = {}): unknown {
    const found = [...this.#traces.values()].filter((trace) => matches(trace, filter));
    const { page, ...place } = pageOf(found, 'startedAt', limit, offset);
    return { traces: page.map((trace) => this.#scored(trace)), ...place };
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
      spans: this.#spans.size,
      sessions: this.#sessions.size,
      configSnapshots: this.#snapshots.size,
    };
  }

  #started(traceId: string): Numbered<Fields> {
    const trace = this.#traces.get(traceId);
    if (!trace) throw new Refusal('NOT_FOUND');
    return trace;
  }

  #changed(key: string): { version: number } {
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    return { version };
  }

  #changeScores(trace: Fields, scores: Record<string, number> | null | undefined): void {
    const traceId = trace['traceId'] as string;
    this.#said.changeMap(traceId, scores);
    // A map may be empty.
    if (scores === null) delete trace['scores'];
    else if (scores !== undefined) trace['scores'] = {};
    this.#changed(traceId);
  }

  #scored(trace: Numbered<Fields>): Fields {
    const scores = this.#said.map(trace['traceId'] as string);
    return shown(Object.keys(scores).length > 0 ? { ...trace, scores } : trace);
  }

  #counted(session: Numbered<Fields>): Fields {
    const traces = [...this.#traces.values()].filter(
      (trace) => trace['sessionId'] === session['sessionId'],
    ).length;
    return shown({ ...session, traceCount: Math.max(session['traceCount'] as number, traces) });
  }
}

/** Whether an answer is the expected one; a cursor is each store's own, only whether there is one counts. */
export function agree(answer: Answer, expected: Answer): boolean {
  return isDeepStrictEqual(answer, expected);
}

/** Fields given replace, `null` clears; `metadata` merges at its top level. */
function change(document: Fields, fields: Fields): void {
  for (const [key, value] of Object.entries(fields)) {
    const merges = key === 'metadata';
    if (value === null) delete document[key];
    else if (value !== undefined) document[key] = merges ? { ...(document[key] as object), ...value } : value;
  }
}
