/** The contract in plain objects and scans, slow and easy to believe: what one tenant must be answered to each call. */
import { isDeepStrictEqual } from 'node:util';
import type {
  Session,
  SessionFilter,
  TagChanges,
  TraceEndInput,
  TraceFilter,
  TraceInput,
  WriteOptions,
  TraceTold,
} from 'tracestore';
import { change, inOrder, matches, pageOf, shown, time, type Fields, type Numbered } from './model-lists.js';
import { readOf, wholeOf } from './heard.js';
import { changedTags, SaidModel } from './model-said.js';
import { SessionModel } from './model-sessions.js';
import { SnapshotModel } from './model-snapshots.js';
import { SpanModel } from './model-spans.js';
import { givenSums, withSums } from './model-sums.js';

/** A call of a store's method, or of one of the actors' own (`children/actor.mjs`). */
export interface Call {
  /** Whose documents it is about. */
  tenant: string;
  method: string;
  args: unknown[];
}

export type Answer = { value: unknown } | { code: string };

class Refusal extends Error {}

/** What makes a trace of which nothing was heard; a change of a span that has not begun shows nobody anything. */
const SPEAK_OF_TRACES = new Set(['addSpan', 'addStep', 'startSpan', 'endSpan', 'addScore', 'annotate']);

export class Model {
  readonly #traces = new Map<string, Numbered<Fields>>();
  readonly #said = new SaidModel();
  readonly #spans = new SpanModel(this.#said);
  readonly #sessions = new SessionModel();
  readonly #snapshots = new SnapshotModel();
  /** How often something was said of each trace. */
  readonly #versions = new Map<string, number>();
  #seq = 0;

  answer(method: string, args: unknown[]): Answer {
    try {
      if (SPEAK_OF_TRACES.has(method)) this.#heard(traceIdIn(args));
      const act = this[method as keyof this] as (...args: unknown[]) => unknown;
      return { value: structuredClone(act.apply(this, args)) };
    } catch (error) {
      if (error instanceof Refusal) return { code: error.message };
      throw error;
    }
  }

  startTrace(trace: TraceInput): void {
    if (this.#traces.get(trace.traceId)?.['isStarted'] === true) throw new Refusal('ALREADY_EXISTS');
    const told = this.#heard(trace.traceId);
    const { tags = [], ...given } = trace;
    change(told, given);
    told['tags'] = [...new Set([...tags, ...(told['tags'] as string[])])];
    Object.assign(told, { isStarted: true, seq: ++this.#seq });
    this.#changed(trace.traceId);
  }

  ensureTrace(trace: TraceTold): unknown {
    const told = this.#heard(trace.traceId);
    const { tags = [], ...given } = trace;
    const mayCorrect = this.#whole(told)['status'] === 'running';
    const lacks = ([key]: [string, unknown]) => told[key] === undefined;
    change(told, mayCorrect ? given : Object.fromEntries(Object.entries(given).filter(lacks)));
    told['tags'] = [...new Set([...(told['tags'] as string[]), ...tags])];
    return this.#changed(trace.traceId);
  }

  endTrace(traceId: string, result: TraceEndInput): void {
    const trace = this.#known(traceId);
    const { status, completedAt, durationMs, tags, scores, ...body } = result;
    Object.assign(trace, {
      status,
      ...(completedAt && { completedAt }),
      ...(durationMs !== undefined && { durationMs }),
    });
    trace['given'] = { ...(trace['given'] as Fields | undefined), ...givenSums(result) };
    if (tags === null) trace['tags'] = [];
    trace['tags'] = [...new Set([...(trace['tags'] as string[]), ...(tags ?? [])])];
    change(trace, body);
    this.#changeScores(trace, scores);
  }

  setApiIO(traceId: string, io: Fields): void {
    change(this.#known(traceId), io);
    this.#changed(traceId);
  }

  setTraceScores(traceId: string, scores: Record<string, number>): void {
    this.#changeScores(this.#known(traceId), scores);
  }

  setTraceTags(traceId: string, tags: string[], { ifVersion }: WriteOptions = {}): void {
    const version = this.versionOf(traceId) ?? 0;
    if (ifVersion !== undefined && ifVersion !== version) throw new Refusal('CONFLICT');
    this.#known(traceId)['tags'] = tags;
    this.#changed(traceId);
  }

  updateTraceTags(traceId: string, changes: TagChanges): unknown {
    const trace = this.#known(traceId);
    trace['tags'] = changedTags(trace['tags'] as string[], changes);
    return this.#changed(traceId);
  }

  updateSpanTags(traceId: string, spanId: string, changes: TagChanges): unknown {
    const changed = this.#spans.changeTags(traceId, spanId, (tags) => changedTags(tags, changes));
    if (!changed) throw new Refusal('NOT_FOUND');
    return changed;
  }

  addScore = this.#said.addScore.bind(this.#said);
  annotate = this.#said.annotate.bind(this.#said);
  deleteScore = this.#said.deleteScore.bind(this.#said);
  scores = this.#said.scores.bind(this.#said);
  annotations = this.#said.annotations.bind(this.#said);
  addLinks = this.#said.addLinks.bind(this.#said);
  links = this.#said.links.bind(this.#said);

  versionOf(traceId: string): number | null {
    return this.#traces.has(traceId) ? (this.#versions.get(traceId) ?? 0) : null;
  }

  addSpan = this.#spans.add.bind(this.#spans);

  addStep = this.#spans.addStep.bind(this.#spans);
  startSpan = this.#spans.start.bind(this.#spans);
  updateSpan = this.#spans.update.bind(this.#spans);
  endSpan = this.#spans.end.bind(this.#spans);
  addEvents = this.#spans.addEvents.bind(this.#spans);

  upsertSession(session: Session): void {
    this.#sessions.upsert(session, ++this.#seq);
  }

  ensureConfigSnapshot = this.#snapshots.ensure.bind(this.#snapshots);
  getConfigSnapshot = this.#snapshots.get.bind(this.#snapshots);

  getTrace(traceId: string): unknown {
    const trace = this.#traces.get(traceId);
    return trace ? this.#read(trace) : null;
  }

  getSpans(traceId: string): unknown[] {
    return inOrder(this.#spans.of(traceId)).map((span) => shown(span));
  }

  getSession(sessionId: string): unknown {
    return this.#sessions.get(sessionId, this.#wholeTraces());
  }

  listTraces({ limit, offset, ...filter }: TraceFilter = {}): unknown {
    const found = this.#wholeTraces().filter((trace) => matches(trace, filter));
    const { page, ...place } = pageOf(found, (trace) => time(trace, 'startedAt'), limit, offset);
    return { traces: page.map((trace) => this.#read(trace)), ...place };
  }

  listSessions(filter: SessionFilter = {}): unknown {
    return this.#sessions.list(filter, this.#wholeTraces());
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
      sessions: this.#sessions.count(this.#wholeTraces()),
      configSnapshots: this.#snapshots.size,
    };
  }

  /** A trace, made by the first that is heard of it. */
  #heard(traceId: string): Numbered<Fields> {
    const known = this.#traces.get(traceId);
    if (known) return known;
    const trace = { traceId, tags: [], seq: ++this.#seq };
    this.#traces.set(traceId, trace);
    return trace;
  }

  #whole(told: Numbered<Fields>): Numbered<Fields> {
    const spans = this.#spans.of(told['traceId'] as string);
    return withSums(wholeOf(told, spans), spans);
  }

  #read(told: Numbered<Fields>): Fields {
    const scores = this.#said.map(told['traceId'] as string);
    const whole = readOf(this.#whole(told));
    return Object.keys(scores).length > 0 ? { ...whole, scores } : whole;
  }

  #known(traceId: string): Numbered<Fields> {
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

  #wholeTraces(): Array<Numbered<Fields>> {
    return [...this.#traces.values()].map((trace) => this.#whole(trace));
  }
}

/** Whether an answer is the expected one; a cursor is each store's own, only whether there is one counts. */
export function agree(answer: Answer, expected: Answer): boolean {
  return isDeepStrictEqual(answer, expected);
}

function traceIdIn([first]: unknown[]): string {
  return typeof first === 'string' ? first : (first as { traceId: string }).traceId;
}
