// Makes any number of distinct calls of the interface from the real conversations, in the order in which agents would make them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REAL = fileURLToPath(new URL('../../../shared/data/trajectories', import.meta.url));
/** Conversations that come with the project. */
export const FIXTURE = fileURLToPath(new URL('../../fixtures/trajectories.jsonl', import.meta.url));

const DATES = new Set(['startedAt', 'completedAt', 'createdAt', 'updatedAt']);
const IDS = new Set(['traceId', 'parentTraceId', 'spanId', 'parentSpanId', 'sessionId']);
const PEOPLE = new Set(['userId', 'auditingId']);
const MOST_BETWEEN_COPIES = 7_200_000; // ms; the fixtures' runs lie months apart
const PUBLIC = new Set(['genAiAttributes', 'snapshot', 'tags', 'scores']); // the same in every copy

/** The folder with convert.mjs: the one given, else the project's shared data, else none. */
export function dataFolder(given) {
  return given ?? (existsSync(REAL) ? REAL : undefined);
}

/**
 * One set of conversations as calls `{ op, at, args }`.
 *
 * It is the converter's second copy: in the first, the runs that were recorded with times lie months from the others. In seven of eight
 * sessions the turns are made one trace, which gives the ten spans per trace that the sizes of the benchmarks are said in.
 */
export function readConversations(data) {
  const folder = dataFolder(data);
  const calls = folder ? secondCopy(folder) : parseLines(readFileSync(FIXTURE, 'utf8'));
  const strings = new Map();
  return mergeTurns(calls.toSorted((a, b) => a.at - b.at)).map((call) => shareStrings(call, strings));
}

function secondCopy(folder) {
  const args = [join(folder, 'convert.mjs'), '--copies', '2', '--order', 'run'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
  });
  if (status !== 0) throw new Error(`convert.mjs in ${folder} failed:\n${stderr}`);
  const calls = parseLines(stdout);
  const sessions = [...new Set(calls.map(({ args: { session } }) => session?.sessionId).filter(Boolean))];
  const first = sessions[sessions.length / 2];
  return calls.slice(calls.findIndex(({ args: { session } }) => session?.sessionId === first));
}

function parseLines(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function mergeTurns(calls) {
  const firstOf = new Map(); // session: its first trace
  const mergedInto = new Map(); // trace: the trace that it is made a part of
  return calls.filter(({ args }) => {
    const { trace } = args;
    if (trace && !trace.parentTraceId && Number.parseInt(trace.sessionId.at(-1), 16) >= 2) {
      const first = firstOf.get(trace.sessionId) ?? trace.traceId;
      firstOf.set(trace.sessionId, first);
      mergedInto.set(trace.traceId, first);
      if (first !== trace.traceId) return false;
    }
    for (const holder of [args, args.span, trace]) {
      for (const key of ['traceId', 'parentTraceId'])
        if (holder?.[key]) holder[key] = mergedInto.get(holder[key]) ?? holder[key];
    }
    return true;
  });
}

/** Equal strings become one: a set takes a tenth of the memory, and making a copy looks each of them up once. */
function shareStrings(value, strings) {
  if (typeof value === 'string') {
    if (!strings.has(value)) strings.set(value, value);
    return strings.get(value);
  }
  if (value === null || typeof value !== 'object') return value;
  for (const key of Object.keys(value)) value[key] = shareStrings(value[key], strings);
  return value;
}

/** Copies of the set without end: ids, users and times differ, and so do the codes and long numbers inside the content, by convert.mjs's rule. */
export function* copies(conversations) {
  const times = conversations.map(({ at }) => at);
  const duration = Math.min(Math.max(...times) - Math.min(...times), MOST_BETWEEN_COPIES);
  for (let copy = 0; ; copy += 1) {
    const change = changer(copy, duration);
    for (const { op, args } of conversations) yield { op, args: change(args) };
  }
}

function changer(copy, duration) {
  const known = new Map();
  const once = (text, make) => {
    if (!known.has(text)) known.set(text, make(text));
    return known.get(text);
  };
  const id = (text) => text.replace(/[0-9a-f]{16,}$/, (hex) => sha(hex + copy, hex.length));
  const content = (text) => (copy === 0 ? text : changeCodes(text, copy));
  const walk = (value, key) => {
    if (PUBLIC.has(key))
      return key === 'snapshot' ? { ...value, createdAt: new Date(value.createdAt) } : value;
    if (typeof value === 'string') {
      if (IDS.has(key)) return once(value, id);
      return DATES.has(key) ? new Date(Date.parse(value) + copy * duration) : once(value, content);
    }
    if (typeof value === 'number') return PEOPLE.has(key) ? (value + copy * 7919) % 1_000_000 : value;
    if (Array.isArray(value)) return value.map((item) => walk(item));
    if (value === null || typeof value !== 'object') return value;
    const fresh = {};
    for (const name of Object.keys(value)) fresh[name] = walk(value[name], name);
    return fresh;
  };
  return walk;
}

function changeCodes(text, copy) {
  return text
    .replaceAll(/\b(?=[A-Z0-9]*\d)[A-Z0-9]{6}\b/g, (code) => sha(code + copy, 6).toUpperCase())
    .replaceAll(/\d{4,}/g, (digits) => {
      const number = BigInt(`0x${sha(digits + copy, 12)}`) % 10n ** BigInt(digits.length);
      return number.toString().padStart(digits.length, '1');
    });
}

function sha(text, length) {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
