/** Jobs that read a store from end to end: their arguments, and how they are followed until they are over. */
import { resolve } from 'node:path';
import type { BackupOptions, BackupReport, VerifyOptions, VerifyReport } from '../../index.js';
import { DATABASE_PATH, isDatabasePath, leaf, optional, required } from '../check/checks.js';
import { asTraceStoreError, nativeError } from '../errors.js';
import type { ErrorAnswer, NativeJob } from '../native/module.js';
import { argumentShape, validate } from '../check/shape.js';

const TARGET = leaf(
  `a file path: ${DATABASE_PATH}`,
  (value) => value !== ':memory:' && isDatabasePath(value),
);
const ARGUMENTS = argumentShape([required('path', TARGET)]);

// By its shape and not instanceof: test runners have classes of other realms.
const SIGNAL = leaf('an AbortSignal', (value) => {
  const signal = value as Partial<AbortSignal> | null;
  return typeof signal?.addEventListener === 'function' && typeof signal.throwIfAborted === 'function';
});

const OPTIONS = argumentShape([
  optional(
    'onProgress',
    leaf('a function', (value) => typeof value === 'function'),
  ),
  optional('signal', SIGNAL),
]);

/** Begins a job of this method. */
export type StartJob = (method: string, job: object) => NativeJob;

export async function backup(path: string, options: BackupOptions, start: StartJob): Promise<BackupReport> {
  validate('backup', '', { path }, ARGUMENTS);
  const { signal, onProgress } = validate('backup', 'options', options, OPTIONS);
  const job = { job: 'backup', path: resolve(path) };
  const outcome = await follow<BackupReport>('backup', job, signal, start, ({ done, total }) =>
    onProgress?.({ copiedPages: done, totalPages: total }),
  );
  return { path: outcome.path, fileBytes: outcome.fileBytes };
}

export async function verify(options: VerifyOptions, start: StartJob): Promise<VerifyReport> {
  const { signal, onProgress } = validate('verify', 'options', options, OPTIONS);
  const job = { job: 'verify' };
  const outcome = await follow<VerifyReport>('verify', job, signal, start, ({ done, total }) =>
    onProgress?.({ checkedRows: done, totalRows: total }),
  );
  const { problems, problemCount, counts } = outcome;
  return { ok: problemCount === 0, problems, problemCount, counts };
}

interface Progress {
  done: number;
  total: number;
}

async function nextStep<T>(method: string, running: NativeJob): Promise<Step<T>> {
  try {
    return JSON.parse(await running.next()) as Step<T>;
  } catch (error) {
    throw asTraceStoreError(method, error);
  }
}

type Step<T> = { progress: Progress } | { outcome: T } | ErrorAnswer;

/** What comes of a job. One that is aborted, or whose progress nobody could be told, has ended when this rejects. */
async function follow<T>(
  method: string,
  job: object,
  signal: AbortSignal | undefined,
  start: StartJob,
  onProgress: (progress: Progress) => void,
): Promise<T> {
  signal?.throwIfAborted();
  const running = start(method, job);
  const cancel = (): void => running.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  let failed: { error: unknown } | undefined;
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one step after the other is what a job is
      const step = await nextStep<T>(method, running);
      if ('progress' in step) {
        try {
          if (failed === undefined) onProgress(step.progress);
        } catch (error) {
          failed = { error };
          cancel();
        }
        continue;
      }
      if (failed !== undefined) throw failed.error;
      if ('outcome' in step) return step.outcome;
      signal?.throwIfAborted();
      throw nativeError(method, step.error.code, step.error.message);
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
