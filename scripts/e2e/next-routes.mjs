// Calls every route of examples/nextjs on a fresh database and checks the answers; leaves two traces behind.
import assert from 'node:assert/strict';

export async function callRoutes(check, url) {
  const get = (path) => call(`${url}${path}`);
  const post = (body) => call(`${url}/api/chat`, { method: 'POST', body: JSON.stringify(body) });
  let first;
  let second;

  await check('POST /api/chat records a run', async () => {
    first = await post({ prompt: 'How is the weather in Oulu?' });
    assert.equal(first.status, 200);
    assert.match(first.body.text, /Oulu/);
    second = await post({ prompt: 'And in Turku?', sessionId: first.body.sessionId });
    assert.equal(second.body.sessionId, first.body.sessionId);
    assert.equal((await post({ prompt: 1 })).status, 400);
  });
  await check('GET /api/traces/:id gives the trace and its spans', async () => {
    const { status, body } = await get(`/api/traces/${first.body.traceId}`);
    assert.equal(status, 200);
    assert.equal(body.trace.status, 'completed');
    assert.equal(body.trace.sessionId, first.body.sessionId);
    assert.deepEqual(body.trace.tags, ['nextjs']);
    assert.deepEqual(
      body.spans.map((span) => span.kind),
      ['llm', 'tool', 'llm'],
    );
    assert.deepEqual(
      body.spans.map((span) => span.spanId),
      first.body.spanIds,
    );
    assert.equal(body.spans[2].input[1].content, 'How is the weather in Oulu?');
    assert.equal((await get('/api/traces/unknown')).status, 404);
  });
  await check('GET /api/traces filters and pages', async () => {
    const newest = (await get('/api/traces?limit=1')).body;
    assert.deepEqual([newest.total, newest.hasMore, ids(newest)], [2, true, [second.body.traceId]]);
    const byCursor = (await get(`/api/traces?limit=1&cursor=${encodeURIComponent(newest.nextCursor)}`)).body;
    assert.deepEqual([byCursor.hasMore, ids(byCursor)], [false, [first.body.traceId]]);
    const byOffset = (
      await get(`/api/traces?offset=1&sessionId=${first.body.sessionId}&status=completed&tag=nextjs`)
    ).body;
    assert.deepEqual(ids(byOffset), [first.body.traceId]);
    assert.equal((await get('/api/traces?agentName=nobody')).body.total, 0);
    const refused = await get('/api/traces?limit=-1');
    assert.deepEqual([refused.status, refused.body.error.code], [400, 'INVALID_ARGUMENT']);
  });
  await check('the page lists the runs', async () => {
    const { body } = await get('/');
    for (const prompt of ['How is the weather in Oulu?', 'And in Turku?']) assert.ok(body.includes(prompt));
  });
}

async function call(url, init) {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  const json = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, body: json ? await response.json() : await response.text() };
}

function ids(page) {
  return page.traces.map((trace) => trace.traceId);
}
