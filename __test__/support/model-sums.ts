/** What the spans of a trace used together, for the model: counted anew whenever it is read. */
import type { Fields, Numbered } from './model-lists.js';

interface Tokens {
  input: number;
  output: number;
  total: number;
}

/** Sums that a caller gives are not made, even if they are given as nothing. */
export function givenSums(result: object): Fields {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name === 'tokens' || name === 'cost'));
}

/** A trace with the sums that nobody gave, from its end on. */
export function withSums(trace: Numbered<Fields>, spans: readonly Fields[]): Numbered<Fields> {
  if (trace['status'] === 'running') return trace;
  const given = trace['given'] ?? {};
  const sums = Object.entries(sumsOf(spans)).filter(([name]) => !Object.hasOwn(given, name));
  return { ...Object.fromEntries(sums), ...trace };
}

/** Of `llm` spans with none below them, at any depth. */
function sumsOf(spans: readonly Fields[]): { tokens?: Tokens; cost?: Fields } {
  const counted = spans.filter((span) => span['kind'] === 'llm' && !hasLlmBelow(span, spans));
  const tokens = counted.map(tokensOf).filter((used) => used !== undefined);
  const costs = counted.map(({ cost }) => cost as { total: number; currency: string } | undefined);
  const told = costs.filter((cost) => cost !== undefined);
  const isOneCurrency = told.length > 0 && told.every(({ currency }) => currency === told[0]?.currency);
  return {
    ...(tokens.length > 0 && { tokens: tokens.reduce(added) }),
    ...(isOneCurrency && {
      cost: { total: told.reduce((sum, { total }) => sum + total, 0), currency: told[0]?.currency },
    }),
  };
}

function hasLlmBelow(span: Fields, spans: readonly Fields[]): boolean {
  return spans.some((other) => other !== span && other['kind'] === 'llm' && isBelow(other, span, spans));
}

function isBelow(below: Fields, above: Fields, spans: readonly Fields[]): boolean {
  const seen = new Set<Fields>([below]);
  let at: Fields | undefined = below;
  for (;;) {
    const parentId: unknown = at['parentSpanId'];
    at = spans.find(({ spanId }) => spanId === parentId);
    if (at === above) return true;
    if (at === undefined || seen.has(at)) return false;
    seen.add(at);
  }
}

/** Of several words the first that tells them, of those in the order in which they count. */
function tokensOf({ words }: Fields): Tokens | undefined {
  const told = (words as Fields[]).map(inWord);
  const input = told.find((used) => used.input !== undefined)?.input;
  const output = told.find((used) => used.output !== undefined)?.output;
  if (input === undefined && output === undefined) return undefined;
  return { input: input ?? 0, output: output ?? 0, total: (input ?? 0) + (output ?? 0) };
}

/** A field counts before an attribute. */
function inWord({ tokens, genAiAttributes }: Fields): Partial<Tokens> {
  const attributes = (genAiAttributes ?? {}) as Fields;
  return {
    input: attributes['gen_ai.usage.prompt_tokens'] as number | undefined,
    ...(tokens as object | undefined),
  } as Partial<Tokens>;
}

function added(one: Tokens, other: Tokens): Tokens {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    total: one.total + other.total,
  };
}
