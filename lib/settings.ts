/** Checks the constructor's options and fills in their defaults. */
import { resolve } from 'node:path';
import type { SqliteTraceStoreOptions } from '../index.js';
import {
  DATABASE_PATH,
  FLAG,
  isDatabasePath,
  isPath,
  leaf,
  listOf,
  NAME,
  oneOf,
  optional,
  required,
  wholeNumber,
} from './check/checks.js';
import { TraceStoreError } from './errors.js';
import type { Redact } from './write/redact.js';
import { argumentShape, validate } from './check/shape.js';

/** The options with every default filled in. */
export interface Settings {
  path: string;
  captureContent: boolean;
  captureErrors: boolean;
  defaultTags: readonly string[];
  maxQueueBytes: number;
  maxPayloadBytes: number;
  onOversize: 'cut' | 'reject';
  exitTimeoutMs: number;
  readonly: boolean;
  enabled: boolean;
  redact: Redact | undefined;
  onError: SqliteTraceStoreOptions['onError'];
  nativeBinding: string | undefined;
  /** JSON text of what the native side needs to know. */
  engine: string;
}

const MEMORY = ':memory:';
const MIB = 1024 * 1024;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const LARGEST_PAYLOAD = 1024 * MIB;

const PATH = leaf(`':memory:' or a file path: ${DATABASE_PATH}`, isDatabasePath);
const TIMEOUT = wholeNumber('milliseconds', 0, LONGEST_TIMEOUT_MS);
const FUNCTION = leaf('a function', (value) => typeof value === 'function');

const OPTIONS = argumentShape([
  required('path', PATH),
  optional('captureContent', FLAG),
  optional('captureErrors', FLAG),
  optional('defaultTags', listOf(NAME)),
  optional('durability', oneOf('process', 'power')),
  optional('locking', oneOf('shared', 'exclusive')),
  optional('busyTimeoutMs', TIMEOUT),
  optional('maxQueueBytes', wholeNumber('bytes', 1)),
  optional('onFull', oneOf('block', 'reject', 'drop')),
  optional('blockTimeoutMs', TIMEOUT),
  optional('exitTimeoutMs', TIMEOUT),
  optional('maxPayloadBytes', wholeNumber('bytes', 1, LARGEST_PAYLOAD)),
  optional('onOversize', oneOf('cut', 'reject')),
  optional('readonly', FLAG),
  optional('fileMode', wholeNumber('permission bits', 0, 0o777)),
  optional('redact', FUNCTION),
  optional('onError', FUNCTION),
  optional('enabled', FLAG),
  optional('nativeBinding', leaf('the path of a file', isPath)),
]);

/** @throws `INVALID_ARGUMENT` naming the option. */
export function resolveOptions(given: SqliteTraceStoreOptions): Settings {
  const options = validate('SqliteTraceStore', 'options', given, OPTIONS);
  const memory = options.path === MEMORY;
  const readonly = options.readonly ?? false;
  if (memory && readonly) throw conflicting("can't be true for ':memory:', which starts empty");
  if (readonly && options.locking === 'exclusive') {
    throw conflicting("can't be true with locking: 'exclusive', which keeps the writer out; view a copy");
  }
  const path = memory ? MEMORY : resolve(options.path);
  const maxQueueBytes = options.maxQueueBytes ?? 64 * MIB;
  const exitTimeoutMs = options.exitTimeoutMs ?? 5000;
  return {
    path,
    captureContent: options.captureContent ?? true,
    captureErrors: options.captureErrors ?? false,
    defaultTags: [...new Set(options.defaultTags)],
    maxQueueBytes,
    maxPayloadBytes: options.maxPayloadBytes ?? 64 * MIB,
    onOversize: options.onOversize ?? 'cut',
    exitTimeoutMs,
    readonly,
    enabled: (options.enabled ?? true) && !isSwitchedOff(variable('ENABLE_TRACING')),
    redact: options.redact,
    onError: options.onError,
    // Set but empty, as container files leave it, is not set.
    nativeBinding: options.nativeBinding ?? (variable('TRACESTORE_NATIVE_BINDING') || undefined),
    engine: JSON.stringify({
      path,
      memory,
      readonly,
      durability: options.durability ?? 'process',
      locking: options.locking ?? 'shared',
      busyTimeoutMs: options.busyTimeoutMs ?? 5000,
      maxQueueBytes,
      onFull: options.onFull ?? 'block',
      blockTimeoutMs: options.blockTimeoutMs ?? 1000,
      exitTimeoutMs,
      fileMode: options.fileMode ?? null,
    }),
  };
}

function conflicting(problem: string): TraceStoreError {
  return new TraceStoreError('INVALID_ARGUMENT', `SqliteTraceStore: options.readonly ${problem}`, {
    method: 'SqliteTraceStore',
    field: 'options.readonly',
  });
}

/** Deno throws where it was not allowed to show the environment; what can't be seen is not set. */
function variable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}

function isSwitchedOff(value: string | undefined): boolean {
  return value !== undefined && ['false', '0'].includes(value.trim().toLowerCase());
}
