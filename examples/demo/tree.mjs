// Finds a trace worth a look, and prints it as a tree of its spans with a time line.
import { cut, duration, heading, money, number, pad, paint, WIDTH } from './format.mjs';

const KIND = {
  llm: paint.magenta,
  tool: paint.blue,
  retrieval: paint.cyan,
  agent: paint.yellow,
  grounding: paint.green,
  api: paint.blue,
  custom: paint.dim,
};
const TIMELINE = 24;

/** The trace that shows most: one in which something failed and the agent went on, else the one with the most kinds and spans. */
export async function pickTrace(store) {
  const { traces } = await store.listTraces({ limit: 200 });
  const rated = await Promise.all(
    traces.map(async (trace) => {
      const spans = await store.getSpans(trace.traceId);
      const failed = spans.some((span) => span.status === 'error');
      const kinds = new Set(spans.map((span) => span.kind)).size;
      return {
        traceId: trace.traceId,
        rating: (failed ? 1_000 : 0) + kinds * 20 + Math.min(spans.length, 12),
      };
    }),
  );
  return rated.toSorted((a, b) => b.rating - a.rating)[0].traceId;
}

export async function printTree(store, traceId) {
  const trace = await store.getTrace(traceId);
  const spans = await store.getSpans(traceId);
  const rows = flatten(spans);
  const labels = rows.map(({ span, branch }) => `${branch}${KIND[span.kind](span.kind)} ${span.name}`);
  const plain = rows.map(({ span, branch }) => branch.length + span.kind.length + 1 + span.name.length);
  const width = Math.max(...plain, 20);

  heading('One trace', `getTrace('${traceId.slice(0, 8)}…') and its ${spans.length} spans`);
  console.log(`  ${paint.bold(trace.agentName)} ${trace.agentVersion}  ${summary(trace)}`);
  console.log(`  ${paint.dim('asked')}     ${quote(trace.input.prompt)}`);
  if (trace.output?.data?.text) console.log(`  ${paint.dim('answered')}  ${quote(trace.output.data.text)}`);
  console.log(
    paint.dim(
      `  ${pad('', width)}  ${pad('took', 8, 'right')}  ${pad('tokens in', 10, 'right')}  ${pad('out', 5, 'right')}  time line`,
    ),
  );
  for (const [i, { span }] of rows.entries()) {
    const { 'gen_ai.usage.input_tokens': tokensIn, 'gen_ai.usage.output_tokens': tokensOut } =
      span.genAiAttributes ?? {};
    const columns = [
      labels[i] + ' '.repeat(width - plain[i]),
      pad(duration(span.durationMs), 8, 'right'),
      pad(tokensIn === undefined ? '' : number(tokensIn), 10, 'right'),
      pad(tokensOut === undefined ? '' : number(tokensOut), 5, 'right'),
      timeline(trace, span),
    ];
    console.log(`  ${columns.join('  ')}${span.error ? `  ${paint.red(cut(span.error, 44))}` : ''}`);
  }
}

function summary(trace) {
  const tokens = trace.tokens
    ? `${number(trace.tokens.input)} tokens in, ${number(trace.tokens.output)} out`
    : 'no tokens';
  const scores = Object.entries(trace.scores ?? {}).map((entry) => entry.join(' '));
  return [trace.status, duration(trace.durationMs), tokens, money(trace.cost), ...scores].join(
    paint.dim(' · '),
  );
}

/** Spans in the order of a tree: `{ span, branch }`, where `branch` draws the lines to its left. A span without its parent is a root. */
function flatten(spans) {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = (parentId) =>
    spans.filter((span) => (ids.has(span.parentSpanId) ? span.parentSpanId : undefined) === parentId);
  const rows = [];
  const visit = (siblings, indent) => {
    for (const [i, span] of siblings.entries()) {
      const isLast = i === siblings.length - 1;
      rows.push({ span, branch: `${indent}${isLast ? '└─ ' : '├─ '}` });
      visit(children(span.spanId), `${indent}${isLast ? '   ' : '│  '}`);
    }
  };
  visit(children(undefined), '');
  return rows;
}

function timeline(trace, span) {
  const whole = trace.durationMs ?? span.startedAt - trace.startedAt + span.durationMs;
  const from = Math.min(TIMELINE - 1, Math.floor(((span.startedAt - trace.startedAt) / whole) * TIMELINE));
  const length = Math.max(1, Math.min(TIMELINE - from, Math.round((span.durationMs / whole) * TIMELINE)));
  const colour = span.status === 'error' ? paint.red : KIND[span.kind];
  return `${paint.dim('·'.repeat(from))}${colour('━'.repeat(length))}${paint.dim('·'.repeat(TIMELINE - from - length))}`;
}

function quote(text) {
  return `“${cut(text, WIDTH - 16)}”`;
}
