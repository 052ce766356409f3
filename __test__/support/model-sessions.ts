/** Sessions in plain objects. */
import type { Session, SessionFilter } from 'tracestore';
import { change, earlier, later, matches, pageOf, shown, type Fields, type Numbered } from './model-lists.js';

/** Beside each question stand the sessions that traces name, once for each of these. */
export class SessionModel {
  readonly #sessions = new Map<string, Numbered<Fields>>();
  #seq = 0;

  get size(): number {
    return this.#sessions.size;
  }

  upsert(session: Session): void {
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

  get(sessionId: string, named: unknown[]): unknown {
    const session = this.#sessions.get(sessionId);
    return session ? counted(session, named) : null;
  }

  list({ limit, offset, ...filter }: SessionFilter, named: unknown[]): unknown {
    const found = [...this.#sessions.values()].filter((session) => matches(session, filter));
    const { page, ...place } = pageOf(found, 'updatedAt', limit, offset);
    return { sessions: page.map((session) => counted(session, named)), ...place };
  }
}

function counted(session: Numbered<Fields>, named: unknown[]): Fields {
  const traces = named.filter((sessionId) => sessionId === session['sessionId']).length;
  return shown({ ...session, traceCount: Math.max(session['traceCount'] as number, traces) });
}
