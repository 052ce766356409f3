/** The public class: the methods of the contract over one outbox; the only file that loads the native addon. */
import type {
  BackupOptions,
  BackupReport,
  ConfigSnapshot,
  Session,
  SessionFilter,
  SessionPage,
  Span,
  SpanInput,
  SqliteTraceStoreOptions,
  StoreInfo,
  Trace,
  TraceEndInput,
  TraceFilter,
  TraceInput,
  TracePage,
  TraceStore,
  VerifyOptions,
  VerifyReport,
  Uncounted,
  UncountedPage,
} from '../index.js';
import { loadBinding } from './binding.js';
import { ID } from './checks.js';
import { rebuildDocuments } from './decode.js';
import {
  asTraceStoreError,
  closedError,
  nativeError,
  readonlyError,
  switchedOffError,
  unavailableError,
  type TraceStoreError,
} from './errors.js';
import { Failures, soften, softRejection } from './failures.js';
import { sessionQuery, traceQuery, type AnySessionFilter, type AnyTraceFilter } from './filters.js';
import { disabledInfo, storeInfo, type NativeInfo } from './info.js';
import { backup, verify } from './jobs.js';
import type { ErrorAnswer, NativeJob, NativeModule } from './native.js';
import type { Fields } from './objects.js';
import * as operations from './operations.js';
import type { Operation } from './operations.js';
import { resolveOptions, type Settings } from './options.js';
import { Outbox } from './outbox.js';
import { noPlace, pagePlace, type ListAnswer } from './pages.js';
import { asDocuments, describeCall, encode, prepare } from './prepare.js';
import { validateArgument } from './validate.js';

const DONE = Promise.resolve();

export class SqliteTraceStore implements TraceStore {
  readonly #settings: Settings;
  readonly #failures: Failures;
  #outbox: Outbox | undefined;
  /** Why there can be no outbox; a missing addon does not appear while the process runs. */
  #unavailable: TraceStoreError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SqliteTraceStoreOptions) {
    this.#settings = resolveOptions(options);
    this.#failures = new Failures(this.#settings.onError);
  }

  startTrace(trace: TraceInput): Promise<void> {
    return this.#write(operations.START_TRACE, trace);
  }

  endTrace(traceId: string, result: TraceEndInput): Promise<void> {
    return this.#write(operations.END_TRACE, { traceId, result });
  }

  addSpan(span: SpanInput): Promise<void> {
    return this.#write(operations.ADD_SPAN, span);
  }

  setApiIO(traceId: string, io: Parameters<TraceStore['setApiIO']>[1]): Promise<void> {
    return this.#write(operations.SET_API_IO, { traceId, io });
  }

  upsertSession(session: Session): Promise<void> {
    return this.#write(operations.UPSERT_SESSION, session);
  }

  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void> {
    return this.#write(operations.ENSURE_CONFIG_SNAPSHOT, snapshot);
  }

  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void> {
    return this.#write(operations.SET_TRACE_SCORES, { traceId, scores });
  }

  setTraceTags(traceId: string, tags: string[]): Promise<void> {
    return this.#write(operations.SET_TRACE_TAGS, { traceId, tags });
  }

  getTrace(traceId: string): Promise<Trace | null> {
    return this.#readOne<Trace>('getTrace', 'traceId', traceId);
  }

  getSession(sessionId: string): Promise<Session | null> {
    return this.#readOne<Session>('getSession', 'sessionId', sessionId);
  }

  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null> {
    return this.#readOne<ConfigSnapshot>('getConfigSnapshot', 'snapshotId', snapshotId);
  }

  async getSpans(traceId: string): Promise<Span[]> {
    const answer = await this.#readDocuments('getSpans', () => {
      validateArgument('getSpans', 'traceId', traceId, ID);
      return { query: 'getSpans', traceId };
    });
    return answer === undefined ? [] : rebuildDocuments<Span>(answer);
  }

  listTraces(filter?: TraceFilter): Promise<TracePage>;
  listTraces(filter: Uncounted<TraceFilter>): Promise<UncountedPage<TracePage>>;
  async listTraces(filter: AnyTraceFilter = {}): Promise<UncountedPage<TracePage>> {
    const answer = await this.#readDocuments('listTraces', () => traceQuery(filter));
    if (answer === undefined) return { traces: [], ...noPlace(filter) };
    return { traces: rebuildDocuments<Trace>(answer), ...pagePlace('listTraces', answer) };
  }

  listSessions(filter?: SessionFilter): Promise<SessionPage>;
  listSessions(filter: Uncounted<SessionFilter>): Promise<UncountedPage<SessionPage>>;
  async listSessions(filter: AnySessionFilter = {}): Promise<UncountedPage<SessionPage>> {
    const answer = await this.#readDocuments('listSessions', () => sessionQuery(filter));
    if (answer === undefined) return { sessions: [], ...noPlace(filter) };
    return { sessions: rebuildDocuments<Session>(answer), ...pagePlace('listSessions', answer) };
  }

  async info(): Promise<StoreInfo> {
    this.#refuseClosed('info');
    if (!this.#settings.enabled) return disabledInfo(this.#settings);
    const { info } = await this.#ask<{ info: NativeInfo }>('info', { query: 'info' });
    return storeInfo(info, this.#failures);
  }

  backup(path: string, options: BackupOptions = {}): Promise<BackupReport> {
    return backup(path, options, (job) => this.#startJob('backup', job));
  }

  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return verify(options, (job) => this.#startJob('verify', job));
  }

  flush(): Promise<void> {
    if (this.#closing !== undefined) return softRejection(closedError('flush'));
    return this.#outbox?.flush() ?? DONE;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    soften(this.#closing);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const outbox = this.#outbox;
    this.#outbox = undefined;
    await outbox?.close().catch((error: unknown) => {
      throw asTraceStoreError('close', error);
    });
  }

  /** Validates, encodes and accepts a call before it returns; whatever goes wrong comes with the promise. */
  #write(operation: Operation, call: object): Promise<void> {
    try {
      this.#refuseClosed(operation.method);
      if (!this.#settings.enabled) return DONE;
      return this.#accept(operation, call as Fields);
    } catch (thrown) {
      const error = asTraceStoreError(operation.method, thrown);
      this.#failures.writeFailed(error, describeCall(operation.method, call));
      return softRejection(error);
    }
  }

  #accept(operation: Operation, given: Fields): Promise<void> {
    const settings = this.#settings;
    if (settings.readonly) throw readonlyError(operation.method);
    const call = asDocuments(operation, given);
    const described = describeCall(operation.method, call);
    const prepared = prepare(operation, call, settings, (error) =>
      this.#failures.redactFailed(error, described),
    );
    const text = encode(operation, prepared, settings.maxPayloadBytes);
    return this.#engine(operation.method).send(operation.code, text, described);
  }

  async #readOne<T>(method: string, key: string, id: string): Promise<T | null> {
    const answer = await this.#readDocuments(method, () => {
      validateArgument(method, key, id, ID);
      return { query: method, [key]: id };
    });
    return answer === undefined ? null : (rebuildDocuments<T>(answer)[0] ?? null);
  }

  /** `undefined` if the store is switched off; arguments are not looked at then. */
  async #readDocuments(method: string, query: () => object): Promise<ListAnswer | undefined> {
    this.#refuseClosed(method);
    return this.#settings.enabled ? this.#ask<ListAnswer>(method, query()) : undefined;
  }

  async #ask<A extends object>(method: string, query: object): Promise<A> {
    let answer: A | ErrorAnswer;
    try {
      answer = JSON.parse(await this.#engine(method).read(JSON.stringify(query))) as A | ErrorAnswer;
    } catch (error) {
      throw asTraceStoreError(method, error);
    }
    if ('error' in answer) throw nativeError(method, answer.error.code, answer.error.message);
    return answer;
  }

  #startJob(method: string, job: string): NativeJob {
    this.#refuseClosed(method);
    if (!this.#settings.enabled) throw switchedOffError(method);
    return this.#engine(method).startJob(job);
  }

  #refuseClosed(method: string): void {
    if (this.#closing !== undefined) throw closedError(method);
  }

  /** The outbox, made at the first use: until then no addon is loaded and no file touched. */
  #engine(method: string): Outbox {
    if (this.#unavailable !== undefined) throw unavailableError(method, this.#unavailable);
    if (this.#outbox !== undefined) return this.#outbox;
    const settings = this.#settings;
    try {
      const binding = loadBinding(settings.nativeBinding, requireInstalled);
      this.#outbox = new Outbox(binding, settings, this.#failures);
      return this.#outbox;
    } catch (error) {
      this.#unavailable = asTraceStoreError(method, error);
      throw unavailableError(method, this.#unavailable);
    }
  }
}

function requireInstalled(): NativeModule {
  return require('../native/binding.js') as NativeModule;
}
