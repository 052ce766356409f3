// What is asked: `{ name, goal?, call(store), prepare?(store) }`; a page is described by its filter and where it begins.

/** Median milliseconds that are asked for at full size. */
const SINGLE = 5;
const COMBINED = 30;
const DEEP = 0.9; // of the way through the list

/** The filters; `facts` is what load.mjs printed. */
function filters({ sessionId, userId, after, before }) {
  const window = { after: new Date(after), before: new Date(before) };
  return [
    ['no filter', {}, SINGLE],
    ['agent (most)', { agentName: 'tau-airline' }, SINGLE],
    ['agent (few)', { agentName: 'openhands-codeact' }, SINGLE],
    ['session', { sessionId }, SINGLE],
    ['user', { userId }, SINGLE],
    ['status (most)', { status: 'completed' }, SINGLE],
    ['status (few)', { status: 'failed' }, SINGLE],
    ['tag (most)', { tags: ['tau-bench'] }, SINGLE],
    ['tag (some)', { tags: ['eval-failed'] }, SINGLE],
    ['window (a twentieth)', window, SINGLE],
    ['two broad tags', { tags: ['tau-bench', 'airline'] }, COMBINED],
    ['tags + status', { tags: ['tau-bench', 'airline'], status: 'completed' }, COMBINED],
    ['broad tag + rare status', { tags: ['tau-bench'], status: 'failed' }, COMBINED],
    ['agent + window + status', { agentName: 'tau-airline', ...window, status: 'completed' }, COMBINED],
  ];
}

export function casesFor(facts) {
  const { longTrace } = facts;
  return [
    {
      name: 'getTrace + getSpans, long conversation',
      call: (store) => Promise.all([store.getTrace(longTrace), store.getSpans(longTrace)]),
    },
    { name: 'getSpans, long conversation', faster: 3, call: (store) => store.getSpans(longTrace) },
    ...filters(facts).flatMap(([name, filter, goal]) => pages('listTraces', name, filter, goal)),
    ...pages('listSessions', 'no filter', {}, SINGLE),
    ...pages('listSessions', 'user', { userId: facts.userId }, SINGLE),
  ];
}

/** The first page, and one deep in the list by offset and by cursor; lists of few pages have no deep one. */
function pages(method, name, filter, goal) {
  const title = `${method}, ${name}`;
  const first = { name: `${title}: first page`, goal, call: (store) => store[method](filter) };
  if (filter.sessionId || filter.userId || filter.status === 'failed') return [first];
  const offsetOf = async (store) => {
    const { total } = await store[method]({ ...filter, limit: 0 });
    return Math.max(1, Math.floor(total * DEEP));
  };
  return [
    first,
    {
      name: `${title}: deep by offset`,
      deep: true,
      prepare: async (store) => ({ offset: await offsetOf(store) }),
      call: (store, place) => store[method]({ ...filter, ...place }),
    },
    {
      name: `${title}: deep by cursor`,
      deep: true,
      goal,
      prepare: async (store) => {
        const page = await store[method]({ ...filter, offset: (await offsetOf(store)) - 1, limit: 1 });
        return { cursor: page.nextCursor };
      },
      call: (store, place) => store[method]({ ...filter, ...place }),
    },
  ];
}
