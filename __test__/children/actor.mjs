/** One user of a store: makes the calls that it is told to and gives back what each answered, an error by its code. */
import { SqliteTraceStore } from 'tracestore';

/** Others may write without rest on a slow machine: waiting is no failure. */
const OPTIONS = { busyTimeoutMs: 120_000, blockTimeoutMs: 120_000 };

const STARTED = new Date(Date.now() - 60_000);

/** Without what depends on who is alive, and on how long a span has been running. */
function asKnown(value) {
  if (Array.isArray(value)) return value.map(asKnown);
  if (value?.traces) return { ...value, traces: asKnown(value.traces) };
  // The calls tell times long past: a later start is the moment when the trace was first heard of.
  if (value?.startedAt >= STARTED) return asKnown({ ...value, startedAt: 'untold' });
  if (value?.state === undefined) return value;
  const { state: _state, ...rest } = value;
  if (!('spanId' in value)) return rest;
  const { status: _status, durationMs: _duration, error: _error, ...span } = rest;
  return span;
}

export class Actor {
  #path;
  #store;

  async open(path) {
    this.#path = path;
    this.#store = new SqliteTraceStore({ path, ...OPTIONS });
  }

  close() {
    return this.#store.close();
  }

  /** Writes go out without being awaited, several to a batch; a read is awaited before what follows it is called. */
  async run(calls) {
    const answers = [];
    for (const { tenant, method, args } of calls) {
      const answer = this.#answer(tenant, method, args);
      answers.push(answer);
      // oxlint-disable-next-line no-await-in-loop -- in turn is the point
      if (!/^(start|end|add|set|update|delete|upsert|ensure)/.test(method)) await answer;
    }
    return Promise.all(answers);
  }

  async #answer(tenant, method, args) {
    try {
      if (method === 'reopen') return { value: await this.#reopen() };
      if (method === 'listTenants') return { value: await this.#store.listTenants() };
      const store = this.#store.forTenant(tenant);
      if (method in Actor.#own) return { value: await Actor.#own[method](store, ...args) };
      const value = asKnown(await store[method](...args));
      // A cursor is each store's own; what counts is whether there is one.
      return { value: method.startsWith('list') ? { ...value, nextCursor: 'nextCursor' in value } : value };
    } catch (error) {
      return { code: error.code ?? error.stack };
    }
  }

  async #reopen() {
    await this.#store.close();
    await this.open(this.#path);
  }

  static #own = {
    /** What is the same in every store: ids and times are each one's own. */
    async scores(store, filter) {
      const { scores } = await store.listScores({ ...filter, limit: 1000 });
      return scores.map(({ name, value, label, version }) => [name, value ?? null, label ?? null, version]);
    },

    async annotate(store, annotation) {
      return (await store.addAnnotation(annotation)).version;
    },

    async annotations(store, traceId, spanId) {
      const found = await store.getAnnotations(traceId, spanId);
      return found.map(({ value, version }) => [value, version]);
    },

    async links(store, end) {
      const found = await store.getLinks(end);
      return found.map(({ from, to, attributes, version }) => [from, to, attributes ?? null, version]);
    },

    async versionOf(store, traceId) {
      return (await store.getTraceInfo(traceId))?.version ?? null;
    },

    /** By cursors through the whole list. */
    async walk(store, method, filter) {
      return asKnown(await allPages(store, method, filter));
    },

    /**
     * While others write: every list is in its order, or what is wrong with it. A trace whose start is corrected to an
     * earlier one comes again, and so does a session that follows it.
     */
    async checkLists(store) {
      const lists = [
        ['listTraces', 'startedAt'],
        ['listSessions', 'updatedAt'],
      ];
      for (const [method, time] of lists) {
        // oxlint-disable-next-line no-await-in-loop -- in turn is the point
        const found = await allPages(store, method, { limit: 7 });
        const times = found.map((document) => document[time].getTime());
        if (times.some((at, n) => n > 0 && at > times[n - 1])) return `${method} is out of order: ${times}`;
      }
      return null;
    },
  };
}

async function allPages(store, method, filter) {
  const found = [];
  let cursor;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
    const page = await store[method]({ ...filter, ...(cursor && { cursor }) });
    found.push(...(page.traces ?? page.sessions));
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}
