/** Sessions in plain objects: those that were upserted, and what traces tell of all others, found anew each time. */
import type { Session, SessionFilter } from 'tracestore';
import {
  change,
  earlier,
  later,
  matches,
  pageOf,
  shown,
  time,
  type Fields,
  type Numbered,
} from './model-lists.js';

/** Beside each question stand all traces. */
export class SessionModel {
  readonly #upserted = new Map<string, Numbered<Fields>>();

  /** `seq` is its place in the order of writing, in which traces are, too. */
  upsert(session: Session, seq: number): void {
    const known = this.#upserted.get(session.sessionId);
    const { createdAt, updatedAt, metadata, ...rest } = session;
    const merged = known ?? { seq, createdAt, updatedAt };
    Object.assign(merged, rest, {
      seq,
      createdAt: earlier(merged['createdAt'] as Date, createdAt),
      updatedAt: later(merged['updatedAt'] as Date, updatedAt),
    });
    if (metadata !== undefined) change(merged, { metadata });
    this.#upserted.set(session.sessionId, merged);
  }

  count(traces: Array<Numbered<Fields>>): number {
    return this.#all(traces).length;
  }

  get(sessionId: string, traces: Array<Numbered<Fields>>): unknown {
    const session = this.#all(traces).find((known) => known['sessionId'] === sessionId);
    return session ? read(session) : null;
  }

  list({ limit, offset, ...filter }: SessionFilter, traces: Array<Numbered<Fields>>): unknown {
    const found = this.#all(traces).filter((session) => matches(session, filter));
    const { page, ...place } = pageOf(found, exactUpdate, limit, offset);
    return { sessions: page.map(read), ...place };
  }

  #all(traces: Array<Numbered<Fields>>): Array<Numbered<Fields>> {
    const named = traces.map((trace) => trace['sessionId'] as string | undefined);
    const ids = new Set([...this.#upserted.keys(), ...named.filter((id) => id !== undefined)]);
    return [...ids].map((sessionId) => this.#one(sessionId, traces));
  }

  #one(sessionId: string, traces: Array<Numbered<Fields>>): Numbered<Fields> {
    const own = traces.filter((trace) => trace['sessionId'] === sessionId);
    const session = this.#upserted.get(sessionId) ?? told(sessionId, own);
    return { ...session, traceCount: Math.max(session['traceCount'] as number, own.length) };
  }
}

/** What its traces tell of a session; those of them that are not told are absent. */
function told(sessionId: string, traces: Array<Numbered<Fields>>): Numbered<Fields> {
  const [first] = traces.toSorted((a, b) => time(a, 'startedAt') - time(b, 'startedAt') || a.seq - b.seq);
  const { seq, userId, auditingId, endUserId, startedAt } = first as Numbered<Fields>;
  const starts = traces.map((trace) => time(trace, 'startedAt'));
  const exactEnd = Math.max(...starts, ...traces.map(endOf));
  const updatedAt = new Date(Math.floor(exactEnd));
  const times = { createdAt: startedAt, updatedAt, exactEnd };
  return {
    schemaVersion: 1,
    sessionId,
    seq,
    userId,
    auditingId,
    endUserId,
    ...times,
    traceCount: 0,
    tags: [],
  };
}

function endOf(trace: Fields): number {
  const end = trace['exactEnd'] ?? (trace['completedAt'] as Date | undefined)?.getTime();
  return (end as number | undefined) ?? -Infinity;
}

function exactUpdate(session: Fields): number {
  return (session['exactEnd'] as number | undefined) ?? time(session, 'updatedAt');
}

/** With what stands for what is not known. */
function read(session: Fields): Fields {
  return { userId: 0, auditingId: 0, ...shown(session) };
}
