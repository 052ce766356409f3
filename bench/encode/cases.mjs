// The kinds of spans that are encoded, each by what comes again in them.

const MANY = 1_500;

/** `spans` makes them from the real ones; `fresh` makes them anew, as equal text in new strings and objects, before each pass. */
export const CASES = {
  real: { label: 'real conversations, as agents resend them', spans: shared },
  fresh: {
    label: 'the same, all strings and objects fresh',
    spans: (real) => real.slice(0, MANY),
    fresh: true,
  },
  unique: { label: 'unique texts of 9 KB', spans: () => generate(9_000), fresh: true, anew: true },
  small: { label: 'small spans of 1.3 KB, nothing again', spans: smallSpans, fresh: true, anew: true },
  equal: {
    label: 'different texts of 20,000 characters',
    spans: () => generate(20_000),
    fresh: true,
    anew: true,
  },
};

const once = (known, key, value) => known.get(key) ?? (known.set(key, value), value);

/** In a trace, equal strings and equal objects in lists are the same ones: an agent appends to its list of messages. */
function shared(spans) {
  const strings = new Map();
  let objects = new Map();
  const walk = (value, inList) => {
    if (typeof value === 'string') return once(strings, value, value);
    if (value === null || typeof value !== 'object' || value instanceof Date) return value;
    for (const key of Object.keys(value)) value[key] = walk(value[key], Array.isArray(value));
    return inList ? once(objects, JSON.stringify(value), value) : value;
  };
  let last;
  for (const span of spans) {
    if (span.traceId !== last) objects = new Map();
    last = span.traceId;
    walk(span, false);
  }
  return spans;
}

let next = 0;

function generate(length) {
  return Array.from({ length: MANY }, () => ({ ...spanOf(), input: { text: words(length) } }));
}

function smallSpans() {
  return Array.from({ length: MANY }, () => ({
    ...spanOf(),
    input: { city: words(20), days: next % 7, units: 'metric', filters: [words(30), words(40)] },
    output: {
      text: words(420),
      items: Array.from({ length: 6 }, (_, n) => ({ n, name: words(20), score: n / 7 })),
    },
    genAiAttributes: {
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': next,
      'gen_ai.system': 'openai',
    },
  }));
}

function spanOf() {
  next += 1;
  return {
    schemaVersion: 1,
    spanId: `span_${next}`,
    traceId: `trace_${next >> 3}`,
    kind: 'tool',
    name: 'lookup',
    status: 'ok',
    startedAt: new Date(1_700_000_000_000 + next),
    durationMs: next % 1000,
  };
}

/** Text of exactly this many characters that doesn't come again. */
function words(length) {
  let text = '';
  while (text.length < length) text += `${(Math.imul((next += 1), 2_654_435_761) >>> 0).toString(36)} word\n`;
  return Buffer.from(text.slice(0, length), 'latin1').toString('latin1');
}
