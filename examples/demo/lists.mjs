// Prints the store's sessions and a page of its traces as tables.
import { count, duration, heading, money, number, paint, table, time } from './format.mjs';

const PAGE = 12;
const STATUS = { completed: paint.green, running: paint.yellow, failed: paint.red, timeout: paint.red };

export async function printSessions(store) {
  const { sessions, total } = await store.listSessions({ limit: PAGE });
  heading('Sessions', `listSessions({ limit: ${PAGE} }) → ${sessions.length} of ${total}, latest first`);
  table(
    [
      { title: 'session' },
      { title: 'began' },
      { title: 'last active' },
      { title: 'traces', align: 'right' },
      { title: 'user', align: 'right' },
      { title: 'tags' },
    ],
    sessions.map((session) => [
      paint.cyan(session.sessionId.slice(0, 13)),
      time(session.createdAt),
      time(session.updatedAt),
      number(session.traceCount),
      String(session.userId),
      session.tags.join(', '),
    ]),
  );
}

export async function printTraces(store) {
  const { traces, total, hasMore } = await store.listTraces({ limit: PAGE });
  const more = hasMore ? ', more follow' : '';
  heading(
    'Traces',
    `listTraces({ limit: ${PAGE} }) → ${traces.length} of ${count(total, 'trace')}, latest first${more}`,
  );
  table(
    [
      { title: 'trace' },
      { title: 'began' },
      { title: 'agent' },
      { title: 'status' },
      { title: 'took', align: 'right' },
      { title: 'tokens', align: 'right' },
      { title: 'cost', align: 'right' },
      { title: 'score' },
      { title: 'prompt' },
    ],
    traces.map((trace) => [
      paint.cyan(trace.traceId.slice(0, 8)),
      time(trace.startedAt),
      trace.parentTraceId ? `↳ ${trace.agentName}` : trace.agentName,
      STATUS[trace.status](trace.status),
      duration(trace.durationMs),
      trace.tokens ? number(trace.tokens.total) : '–',
      money(trace.cost),
      firstScore(trace),
      trace.input.prompt,
    ]),
  );
}

function firstScore(trace) {
  const [entry] = Object.entries(trace.scores ?? {});
  return entry ? entry.join(' ') : '–';
}
