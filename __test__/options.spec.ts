/** The constructor: what it takes, what it refuses, and that it touches nothing. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SqliteTraceStore, type SqliteTraceStoreOptions } from 'tracestore';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failure, openStore, session, snapshot, span, tempFolder, thrown, trace } from './support.js';

afterEach(() => vi.unstubAllEnvs());

function construct(options: object): SqliteTraceStore {
  return new SqliteTraceStore({ path: '/nowhere/x.db', ...options });
}

describe('options that are refused', () => {
  const PATH =
    "':memory:' or a file path: a well-formed string, not empty, not a URL, not ending in '-wal', '-shm', '-journal' or '-live', of at most 504 bytes when resolved";
  const LONG = `/${'x'.repeat(504)}`;
  it.each([
    ['path', undefined, PATH, 'undefined'],
    ['path', '', PATH, 'string ""'],
    ['path', 7, PATH, 'number 7'],
    ['path', 'x.db-wal', PATH, 'string "x.db-wal"'],
    ['path', 'x.db-shm/', PATH, 'string "x.db-shm/"'],
    ['path', 'x.db-journal/./y/..', PATH, 'string "x.db-journal/./y/.."'],
    ['path', 'file:x.db', PATH, 'string "file:x.db"'],
    ['path', 'a\0b', PATH, String.raw`string "a\u0000b"`],
    ['path', 'a\ud800.db', PATH, String.raw`a string with a lone surrogate, "a\ud800.db"`],
    ['path', LONG, PATH, `string "${LONG.slice(0, 40)}…" of 505 bytes`],
    [
      'nativeBinding',
      '\udc00.node',
      'the path of a file',
      String.raw`a string with a lone surrogate, "\udc00.node"`,
    ],
    ['captureContent', 'no', 'a boolean', 'string "no"'],
    ['captureErrors', 1, 'a boolean', 'number 1'],
    ['defaultTags', 'prod', 'an array', 'string "prod"'],
    ['durability', 'full', '"process" or "power"', 'string "full"'],
    ['locking', 'none', '"shared" or "exclusive"', 'string "none"'],
    ['busyTimeoutMs', -1, 'a whole number of milliseconds from 0 to 2147483647', 'number -1'],
    ['busyTimeoutMs', null, 'a whole number of milliseconds from 0 to 2147483647', 'null'],
    ['maxQueueBytes', 0, 'a whole number of bytes from 1 to 9007199254740991', 'number 0'],
    ['onFull', 'wait', '"block", "reject" or "drop"', 'string "wait"'],
    ['blockTimeoutMs', 0.5, 'a whole number of milliseconds from 0 to 2147483647', 'number 0.5'],
    ['exitTimeoutMs', Number.NaN, 'a whole number of milliseconds from 0 to 2147483647', 'number NaN'],
    ['maxPayloadBytes', Infinity, 'a whole number of bytes from 1 to 1073741824', 'number Infinity'],
    ['readonly', 'yes', 'a boolean', 'string "yes"'],
    ['fileMode', 0o1000, 'a whole number of permission bits from 0 to 511', 'number 512'],
    ['redact', {}, 'a function', 'an object'],
    ['onError', 'log', 'a function', 'string "log"'],
    ['enabled', 'false', 'a boolean', 'string "false"'],
    ['nativeBinding', '', 'the path of a file', 'string ""'],
  ])('%s: %j', (option, value, expected, found) => {
    const error = thrown(() => construct({ [option]: value }));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.field).toBe(`options.${option}`);
    expect(error.message).toBe(`SqliteTraceStore: options.${option} must be ${expected}, got ${found}`);
  });

  it('names the item of a list', () => {
    const error = thrown(() => construct({ defaultTags: ['a', 5] }));
    expect(error.message).toBe(
      'SqliteTraceStore: options.defaultTags[1] must be a well-formed string, got number 5',
    );
  });

  it('names a misspelt option', () => {
    const error = thrown(() => construct({ readOnly: true }));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain('options.readOnly must be absent, got an unknown key (known: path,');
  });

  it.each([[undefined], [null], ['/x.db'], [[]]])('options that are no object: %j', (options) => {
    const error = thrown(() => new SqliteTraceStore(options as never));
    expect(error.message).toMatch(/^SqliteTraceStore: options must be an object, got /);
  });

  it('readonly beside locking that keeps the writer out', () => {
    const error = thrown(() => construct({ path: 'a.db', readonly: true, locking: 'exclusive' }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'options.readonly' });
  });

  it('readonly in memory', () => {
    expect(thrown(() => construct({ path: ':memory:', readonly: true })).code).toBe('INVALID_ARGUMENT');
  });
});

describe('the file', () => {
  it('is not touched by the constructor, nor by closing an unused store', async () => {
    const folder = tempFolder();
    const store = new SqliteTraceStore({ path: join(folder, 'deep/er/x.db') });
    await store.flush();
    await store.close();
    expect(existsSync(join(folder, 'deep'))).toBe(false);
  });

  it('is made with its folders at the first use, for the owner only', async () => {
    const folder = tempFolder();
    const path = join(folder, 'deep/er/x.db');
    const store = openStore({ path });
    await store.startTrace(trace());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
  });

  it('takes its permissions from fileMode', async () => {
    const path = join(tempFolder(), 'x.db');
    const store = openStore({ path, fileMode: 0o640 });
    await store.startTrace(trace());
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('is resolved against the working directory of the constructor', async () => {
    const folder = tempFolder();
    const path = join(folder, 'x.db');
    const store = openStore({ path: relative(process.cwd(), path) });
    const before = process.cwd();
    mkdirSync(join(folder, 'elsewhere'));
    process.chdir(join(folder, 'elsewhere'));
    try {
      expect((await store.info()).path).toBe(path);
    } finally {
      process.chdir(before);
    }
  });

  it("is none for ':memory:', and two such stores share nothing", async () => {
    const one = openStore({ path: ':memory:' });
    const other = openStore({ path: ':memory:' });
    await one.startTrace(trace());
    expect(await one.getTrace('t1')).toMatchObject({ traceId: 't1' });
    expect(await other.getTrace('t1')).toBeNull();
    expect((await one.info()).path).toBe(':memory:');
  });
});

describe('defaults', () => {
  it('apply to options that are undefined', async () => {
    const store = openStore({ defaultTags: undefined, readonly: undefined, onFull: undefined } as object);
    await store.startTrace(trace({ tags: ['a'] }));
    expect(await store.getTrace('t1')).toMatchObject({ tags: ['a'] });
  });

  it('add defaultTags at the end, without doubles, to new traces only', async () => {
    const store = openStore({ defaultTags: ['x', 'y', 'x'] });
    await store.startTrace(trace({ traceId: 'a', tags: ['y', 'z'] }));
    await store.startTrace(trace({ traceId: 'b' }));
    await store.setTraceTags('b', ['q']);
    expect((await store.getTrace('a'))?.tags).toEqual(['y', 'z', 'x']);
    expect((await store.getTrace('b'))?.tags).toEqual(['q']);
  });

  it('are not changed by what happens to the option object later', async () => {
    const defaultTags = ['x'];
    const store = openStore({ defaultTags });
    defaultTags.push('late');
    await store.startTrace(trace());
    expect((await store.getTrace('t1'))?.tags).toEqual(['x']);
  });
});

describe('a store that is switched off', () => {
  const ways: Array<[string, Partial<SqliteTraceStoreOptions>, string]> = [
    ['enabled: false', { enabled: false }, 'true'],
    ['ENABLE_TRACING=false', {}, 'false'],
    ['ENABLE_TRACING=0', { enabled: true }, '0'],
    ['ENABLE_TRACING=FALSE', {}, 'FALSE'],
  ];

  it.each(ways)('%s', async (_name, options, variable) => {
    vi.stubEnv('ENABLE_TRACING', variable);
    const path = join(tempFolder(), 'x.db');
    const store = openStore({ path, nativeBinding: '/no/such/addon.node', ...options });
    await store.startTrace(trace());
    await store.endTrace('t1', { status: 'completed' });
    await store.addSpan(span());
    await store.setApiIO('t1', { apiInput: 1 });
    await store.upsertSession(session());
    await store.ensureConfigSnapshot(snapshot());
    await store.setTraceScores('t1', { a: 1 });
    await store.setTraceTags('t1', ['a']);
    await store.addSpan({} as never);
    expect(await store.getTrace('t1')).toBeNull();
    expect(await store.getSpans('t1')).toEqual([]);
    expect(await store.getSession('c1')).toBeNull();
    expect(await store.getConfigSnapshot('cfg1')).toBeNull();
    expect(await store.listTraces()).toEqual({ traces: [], total: 0, hasMore: false });
    expect(await store.listSessions()).toEqual({ sessions: [], total: 0, hasMore: false });
    expect(await store.info()).toMatchObject({ path, enabled: false, fileBytes: 0, failedWrites: 0 });
    await store.flush();
    expect(existsSync(path)).toBe(false);
  });

  it('is on for any other value of the variable', async () => {
    vi.stubEnv('ENABLE_TRACING', 'true');
    expect((await openStore().info()).enabled).toBe(true);
  });
});

it('an environment that must not be read is as good as empty', async () => {
  const { env } = process;
  const forbidden = (): never => {
    throw new Error('Requires env access');
  };
  let store: SqliteTraceStore;
  process.env = new Proxy({}, { get: forbidden, has: forbidden });
  try {
    store = openStore({ path: ':memory:' });
  } finally {
    process.env = env;
  }
  expect((await store.info()).enabled).toBe(true);
});

describe('an addon that is not there', () => {
  it('fails at the first use, with the remedy', async () => {
    const onError = vi.fn<NonNullable<SqliteTraceStoreOptions['onError']>>();
    const store = openStore({ nativeBinding: '/no/such/addon.node', onError });
    const error = await failure(store.startTrace(trace()));
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.method).toBe('startTrace');
    expect(error.message).toContain('"/no/such/addon.node"');
    expect(error.message).toContain(`${process.platform}-${process.arch}`);
    expect(error.message).toContain('nativeBinding');
    expect(error.cause).toBeInstanceOf(Error);
    expect((await failure(store.getTrace('t1'))).code).toBe('UNSUPPORTED');
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('may be named by an environment variable', async () => {
    vi.stubEnv('TRACESTORE_NATIVE_BINDING', '/no/other/addon.node');
    expect((await failure(openStore().getTrace('t1'))).message).toContain('"/no/other/addon.node"');
  });
});
