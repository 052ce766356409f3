/**
 * The public contract of `tracestore`, written by hand and meant to be read from top to bottom:
 * the interface, the documents it moves, the pages it returns, then the SQLite implementation.
 *
 * Times are `Date` objects, durations milliseconds, sizes bytes.
 *
 * Unknown keys: a store keeps and returns top-level and nested keys that are not named here. The document types
 * carry no index signature all the same, because one would let every misspelt key through the type check. Declare
 * the keys you add, once, by augmentation, and they are typed on the way in and on the way out:
 *
 * ```ts
 * declare module 'tracestore' {
 *   interface TraceInput { release?: string }
 *   interface Trace { release?: string }
 * }
 * ```
 *
 * @module
 */

/// <reference lib="esnext.disposable" />

// ---------------------------------------------------------------------------------------------- interface

/**
 * Persists agent traces, spans, sessions and configuration snapshots.
 *
 * Every method returns a promise and reports every failure by rejecting it with a {@link TraceStoreError}; none
 * throws synchronously. A write encodes its document before it returns, so later changes to the object are not
 * seen. Its promise settles when the write is committed, or has failed. A write that nobody awaits may fail
 * without an `unhandledRejection`.
 */
export interface TraceStore {
  /**
   * Creates a trace in status `running`.
   *
   * `startedAt` defaults to now; the store's `defaultTags` are appended to `tags` where they are missing.
   * Spans that arrived earlier under this `traceId` join the trace.
   *
   * @throws `ALREADY_EXISTS` if the id is taken; the first trace stays as it is.
   * @throws `INVALID_ARGUMENT` for a bad document, and for `completedAt`, `durationMs` or a `status` other than
   *   `running`, which belong to {@link endTrace}.
   */
  startTrace(trace: TraceInput): Promise<void>;

  /**
   * Finalizes a trace with output, status, timing and token counts.
   *
   * Calling it again is allowed: fields given replace the earlier ones, `null` clears a field, absent fields stay.
   * `scores` and `metadata` merge at their top level, `tags` unite with those present.
   *
   * @throws `NOT_FOUND` if no such trace was started.
   */
  endTrace(traceId: string, result: TraceEndInput): Promise<void>;

  /**
   * Records one sub-operation: an LLM call, a tool call, a retrieval.
   *
   * The trace need not exist yet. The same `(traceId, spanId)` again rewrites that span.
   */
  addSpan(span: SpanInput): Promise<void>;

  /**
   * Stamps API-level input and output onto an existing trace. A field that is absent stays, `null` clears it.
   *
   * @throws `NOT_FOUND` if no such trace was started.
   */
  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }): Promise<void>;

  /**
   * Creates or updates a session: fields given replace the earlier ones, `metadata` merges at its top level, absent
   * fields stay. The earliest `createdAt` and the latest `updatedAt` ever given are kept.
   */
  upsertSession(session: Session): Promise<void>;

  /** Stores a config snapshot. If the `snapshotId` is known this is a no-op, whatever valid snapshot is given. */
  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void>;

  /** Reads a config snapshot, or `null`. */
  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null>;

  /** Reads a started trace, or `null`. */
  getTrace(traceId: string): Promise<Trace | null>;

  /** Lists started traces, `startedAt` descending; on equal `startedAt` the one written later comes first. */
  listTraces(filter: TraceFilter): Promise<TracePage>;

  /** Reads all spans of a trace, started or not, `startedAt` ascending; ties in the order of writing. */
  getSpans(traceId: string): Promise<Span[]>;

  /**
   * Reads a session, or `null`. `traceCount` is the larger of the value last given and the number of traces
   * recorded with this `sessionId`.
   */
  getSession(sessionId: string): Promise<Session | null>;

  /** Lists sessions, `updatedAt` descending; on equal `updatedAt` the one written later comes first. */
  listSessions(filter: SessionFilter): Promise<SessionPage>;

  /**
   * Adds or updates evaluation scores; scores not named stay.
   *
   * @throws `NOT_FOUND` if no such trace was started.
   */
  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void>;

  /**
   * Replaces the tags of a trace.
   *
   * @throws `NOT_FOUND` if no such trace was started.
   */
  setTraceTags(traceId: string, tags: string[]): Promise<void>;
}

/** What every trace store can be told. */
export interface TraceStoreConfig {
  /**
   * `true`: prompts, responses and payloads are stored (development, evaluation).
   * `false`: only metadata such as lengths and numbers of keys is stored (production audit).
   */
  captureContent: boolean;
  /** Tags added to every new trace. */
  defaultTags?: string[];
}

// ---------------------------------------------------------------------------------------------- documents

/** `running` from `startTrace` until `endTrace` names one of the others. */
export type TraceStatus = 'running' | 'completed' | 'failed' | 'timeout';

/** Whether the operation of a span succeeded. */
export type SpanStatus = 'ok' | 'error';

/**
 * What a span records: an LLM call, a knowledge-base search, a tool execution, a child agent, a grounding
 * decision, a call of an external API, or anything else.
 */
export type SpanKind = 'llm' | 'retrieval' | 'tool' | 'agent' | 'grounding' | 'api' | 'custom';

/** One execution of an agent, as read back. Ids are 1 to 512 bytes of well-formed UTF-8. */
export interface Trace {
  schemaVersion: 1;
  traceId: string;
  configSnapshotId?: string;
  sessionId?: string;
  parentTraceId?: string;
  agentName: string;
  agentVersion: string;
  input: {
    prompt: string;
    parameters: Record<string, any>;
    history?: Array<{ role: string; content: string }>;
    metadata?: Record<string, any>;
  };
  output?: {
    success: boolean;
    data?: any;
    error?: string;
    toolsUsed?: string[];
  };
  /** What the API handler received. */
  apiInput?: any;
  /** What the API handler answered. */
  apiOutput?: any;
  status: TraceStatus;
  userId: number;
  auditingId: number;
  /** Between the years 1678 and 2262, with milliseconds. */
  startedAt: Date;
  completedAt?: Date;
  /** Milliseconds, not negative; computed from the two dates if `endTrace` gave none. */
  durationMs?: number;
  /** Numbers of tokens. */
  tokens?: { input: number; output: number; total: number };
  cost?: TraceCost;
  /** In the order given: those of `startTrace`, `defaultTags` that they lacked, those that `endTrace` added. */
  tags: string[];
  scores?: Record<string, number>;
  metadata?: Record<string, any>;
}

/** What a trace cost, in units of `currency`. */
export interface TraceCost {
  total: number;
  byModel?: Record<string, number>;
  currency: string;
}

/** What is known when a trace starts. */
export interface TraceInput {
  /** May be left out; any version but 1 is refused. */
  schemaVersion?: 1;
  traceId: string;
  configSnapshotId?: string;
  sessionId?: string;
  parentTraceId?: string;
  agentName: string;
  agentVersion: string;
  input: Trace['input'];
  apiInput?: any;
  /** May be left out; a trace always starts `running`. */
  status?: 'running';
  userId: number;
  auditingId: number;
  /** Default: now. */
  startedAt?: Date;
  /** Default: none but the store's `defaultTags`. */
  tags?: string[];
  metadata?: Record<string, any>;
}

/**
 * What is known when a trace ends. In an optional field `null` clears what was stored, but in `completedAt` and
 * `durationMs` it means absent.
 */
export interface TraceEndInput {
  status: 'completed' | 'failed' | 'timeout';
  output?: Trace['output'] | null;
  /** Default: now. */
  completedAt?: Date;
  /** Milliseconds, not negative. Default: `completedAt` minus `startedAt`. */
  durationMs?: number;
  tokens?: Trace['tokens'] | null;
  cost?: TraceCost | null;
  apiOutput?: any;
  /** Merged with the scores present. */
  scores?: Record<string, number> | null;
  /** United with the tags present. */
  tags?: string[] | null;
  /** Merged with the metadata present, at the top level. */
  metadata?: Record<string, any> | null;
}

/** One sub-operation of a trace, as read back. Identified by `(traceId, spanId)`. */
export interface Span {
  schemaVersion: 1;
  spanId: string;
  traceId: string;
  parentSpanId?: string;
  kind: SpanKind;
  name: string;
  input?: any;
  output?: any;
  status: SpanStatus;
  error?: string;
  /** Between the years 1678 and 2262, with milliseconds. */
  startedAt: Date;
  /** Milliseconds, not negative. */
  durationMs: number;
  /** Attributes of the OpenTelemetry conventions for generative AI, and any others. */
  genAiAttributes?: {
    'gen_ai.operation.name'?: string;
    'gen_ai.request.model'?: string;
    'gen_ai.response.model'?: string;
    'gen_ai.usage.input_tokens'?: number;
    'gen_ai.usage.output_tokens'?: number;
    'gen_ai.request.temperature'?: number;
    'gen_ai.request.max_tokens'?: number;
    'gen_ai.response.finish_reasons'?: string[];
    'gen_ai.system_instructions'?: string;
    [key: string]: any;
  };
  toolType?: 'framework' | 'mcp' | 'dynamic';
  metadata?: Record<string, any>;
}

/** A span whose `schemaVersion` may be left out; any version but 1 is refused. */
export interface SpanInput extends Omit<Span, 'schemaVersion'> {
  schemaVersion?: 1;
}

/** A conversation: what groups traces by `sessionId`. */
export interface Session {
  schemaVersion: 1;
  sessionId: string;
  userId: number;
  auditingId: number;
  createdAt: Date;
  updatedAt: Date;
  /** Not negative. Read back: the larger of this and the number of traces recorded with the session. */
  traceCount: number;
  tags: string[];
  metadata?: Record<string, any>;
}

/** The configuration an agent ran with. Immutable once stored. */
export interface ConfigSnapshot {
  schemaVersion: 1;
  snapshotId: string;
  agentName: string;
  agentVersion: string;
  model: string;
  modelParams: {
    temperature?: number;
    maxOutputTokens?: number;
    responseMimeType?: string;
  };
  prompts: Record<string, string>;
  responseSchemas?: Record<string, any>;
  store?: string;
  groundingConfig?: any;
  executionPlan?: any;
  tags: string[];
  source?: {
    gitSha?: string;
    deployedAt?: string;
    promptsPath?: string;
  };
  createdAt: Date;
}

// ------------------------------------------------------------------------------------------------- queries

/** Which traces to list. Every field combines with every other; an unknown key is refused by name. */
export interface TraceFilter {
  agentName?: string;
  sessionId?: string;
  userId?: number;
  status?: TraceStatus;
  /** Traces that carry all of these. */
  tags?: string[];
  /** `startedAt` at this instant or later. */
  after?: Date;
  /** `startedAt` before this instant. */
  before?: Date;
  /** Integer from 0 to 1,000; 0 asks for `total` alone, and has no `nextCursor`. Default: 50. */
  limit?: number;
  /** Integer, not negative. Default: 0. Deep offsets get slow; prefer `cursor`. */
  offset?: number;
  /** `nextCursor` of the page before, with the same filter; not together with `offset`. */
  cursor?: string;
  /** The default. `false` leaves `total` out of the page, see {@link Uncounted}. */
  total?: true;
}

/** One page of traces. */
export interface TracePage {
  traces: Trace[];
  /** How many traces match the filter, exactly. */
  total: number;
  /** Whether another page follows. */
  hasMore: boolean;
  /** Given when another page follows: where it begins. It stays valid while traces are added. */
  nextCursor?: string;
}

/** Which sessions to list. Every field combines with every other; an unknown key is refused by name. */
export interface SessionFilter {
  userId?: number;
  /** Sessions that carry all of these. */
  tags?: string[];
  /** Integer from 0 to 1,000; 0 asks for `total` alone, and has no `nextCursor`. Default: 50. */
  limit?: number;
  /** Integer, not negative. Default: 0. Deep offsets get slow; prefer `cursor`. */
  offset?: number;
  /** `nextCursor` of the page before, with the same filter; not together with `offset`. */
  cursor?: string;
  /** The default. `false` leaves `total` out of the page, see {@link Uncounted}. */
  total?: true;
}

/** One page of sessions. */
export interface SessionPage {
  sessions: Session[];
  /** How many sessions match the filter, exactly. */
  total: number;
  /** Whether another page follows. */
  hasMore: boolean;
  /** Given when another page follows: where it begins. */
  nextCursor?: string;
}

/**
 * A filter whose page carries no `total`. It is worth it with `after` or `before` in a store of a million documents,
 * where the matches are counted one by one; all other totals cost next to nothing.
 */
export type Uncounted<Filter extends TraceFilter | SessionFilter> = Omit<Filter, 'total'> & { total: false };

/** A page of an {@link Uncounted} filter. */
export type UncountedPage<Page extends TracePage | SessionPage> = Omit<Page, 'total'>;

// ------------------------------------------------------------------------------------------ implementation

/**
 * A {@link TraceStore} in one SQLite file, or in memory.
 *
 * The constructor checks its options and touches no file; the file is opened, and made if missing, at the first
 * use. Stores on one file share one writer, within a process and its worker threads; several processes may use
 * one file at a time. An open store that is idle does not keep the process alive.
 */
export declare class SqliteTraceStore implements TraceStore {
  /** @throws `INVALID_ARGUMENT` for an option that is unknown or has a wrong value. */
  constructor(options: SqliteTraceStoreOptions);

  startTrace(trace: TraceInput): Promise<void>;
  endTrace(traceId: string, result: TraceEndInput): Promise<void>;
  addSpan(span: SpanInput): Promise<void>;
  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }): Promise<void>;
  upsertSession(session: Session): Promise<void>;
  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void>;
  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null>;
  getTrace(traceId: string): Promise<Trace | null>;
  /** The filter may be left out. */
  listTraces(filter?: TraceFilter): Promise<TracePage>;
  listTraces(filter: Uncounted<TraceFilter>): Promise<UncountedPage<TracePage>>;
  getSpans(traceId: string): Promise<Span[]>;
  getSession(sessionId: string): Promise<Session | null>;
  /** The filter may be left out. */
  listSessions(filter?: SessionFilter): Promise<SessionPage>;
  listSessions(filter: Uncounted<SessionFilter>): Promise<UncountedPage<SessionPage>>;
  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void>;
  setTraceTags(traceId: string, tags: string[]): Promise<void>;

  /**
   * Resolves when every write called so far through this instance is settled: committed, or failed. A failed
   * write is reported by its own promise and by `onError`, not here.
   *
   * @throws `CLOSED` after {@link close}.
   */
  flush(): Promise<void>;

  /**
   * Flushes, then lets go of the file. If no other store of this process uses it, the file's handles are gone
   * when the promise resolves. May be called again; every other method rejects with `CLOSED` from now on, and so
   * do a backup and a check that are under way.
   */
  close(): Promise<void>;

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;

  /** How the store is doing. Opens the file if it is not open yet. */
  info(): Promise<StoreInfo>;

  /**
   * Copies the store into a new file while it is used. The copy is the store as it was at one moment, with every
   * write called so far through this instance and all that others had committed; it is one file, opens as a store,
   * and passes {@link verify}.
   *
   * `path` is resolved against the working directory at the call; its folder must exist. The copy is made beside it,
   * under a name that ends in `.partial`, is flushed to the disk, and gets its own name when it is whole; if the backup
   * fails or is aborted nothing is left (a process that is killed leaves the `.partial` file). Permissions are
   * `fileMode`.
   *
   * Others write and read meanwhile, and the write-ahead log grows by what they write until the copy is done. With
   * `':memory:'` and `locking: 'exclusive'` there is one connection only: other calls wait.
   *
   * {@link close} ends the backup, which rejects with `CLOSED`.
   *
   * @throws `ALREADY_EXISTS` if there is a file at `path`, or a log left of one.
   * @throws `INVALID_ARGUMENT` if `path` is the store's own file, or no name for a database.
   * @throws `IO`, `FULL` if the copy can't be written.
   * @throws `UNSUPPORTED` if the store is switched off (`enabled`).
   */
  backup(path: string, options?: BackupOptions): Promise<BackupReport>;

  /**
   * Checks the whole store as it is at one moment, and changes nothing: the database's pages and indexes; that every
   * document and every text it shares with others is the one that was written; that each such text is counted for
   * those who use it; that lists find documents by their tags. Reads the file several times over and blocks nobody
   * (but see {@link backup} on what has one connection only). {@link close} ends it with `CLOSED`.
   *
   * Damage is in the report, not an error; a file so damaged that it does not open rejects as any other call does.
   *
   * @throws `UNSUPPORTED` if the store is switched off (`enabled`).
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
}

/** How to open a {@link SqliteTraceStore}. An option that is `undefined` takes its default. */
export interface SqliteTraceStoreOptions extends Partial<TraceStoreConfig> {
  /**
   * The database file, resolved against the working directory at construction, or `':memory:'`; not a `file:` URL.
   * Missing parent folders are made, with mode 0700, or `fileMode` and search permission.
   */
  path: string;
  /** Whether content is stored, or only its shape. Default: `true`. */
  captureContent?: boolean;
  /** With `captureContent: false`: store error text, which may quote prompts. Default: `false`. */
  captureErrors?: boolean;
  /** Tags appended to every new trace that lacks them. Default: none. */
  defaultTags?: string[];
  /**
   * `'process'`: a committed write survives a crash of the process. `'power'`: it survives a loss of power too,
   * at the cost of a disk flush per commit. Default: `'process'`.
   */
  durability?: 'process' | 'power';
  /**
   * `'exclusive'` keeps other processes out and makes the store work on network file systems, which are refused
   * otherwise. Default: `'shared'`.
   */
  locking?: 'shared' | 'exclusive';
  /** Milliseconds to wait for another process's lock before `BUSY`. Default: 5,000. */
  busyTimeoutMs?: number;
  /** Bytes of encoded writes that may wait for the commit. Default: 64 MiB (67,108,864). */
  maxQueueBytes?: number;
  /**
   * What a write does when the queue is full. `'block'`: blocks the thread for at most `blockTimeoutMs`, then
   * fails with `QUEUE_FULL`, and so do later writes at once until there is room. `'reject'`: fails with `QUEUE_FULL`. `'drop'`: is left out and counted in
   * `info().droppedWrites`. Default: `'block'`.
   */
  onFull?: 'block' | 'reject' | 'drop';
  /** Milliseconds, see `onFull`. Default: 1,000. */
  blockTimeoutMs?: number;
  /** Milliseconds that the end of the process may be delayed to commit what was accepted. Default: 5,000. */
  exitTimeoutMs?: number;
  /** Bytes of one encoded write; more is refused with `INVALID_ARGUMENT`. Default: 64 MiB (67,108,864). */
  maxPayloadBytes?: number;
  /** Never write: no new file, no WAL, works in a read-only folder; writes fail with `UNSUPPORTED`. Default: `false`. */
  readonly?: boolean;
  /** Permissions of a new file, for example `0o640`. Default: `0o600`. */
  fileMode?: number;
  /**
   * Called once for each field that holds content, before anything leaves JavaScript; what it returns is stored
   * in place of the value. It must be synchronous and must not change the value it is given. If it throws, or
   * returns a promise, the value is left out and the failure goes to `onError`. Default: none.
   */
  redact?: (value: unknown, where: RedactWhere) => unknown;
  /** Called for each write that failed, awaited or not, and for each field on which `redact` failed. What it throws is ignored. Default: none. */
  onError?: (error: TraceStoreError, operation: FailedOperation) => void;
  /**
   * `false`: every write does nothing, reads answer empty, no file is made, and `backup` and `verify` are refused. The environment variable
   * `ENABLE_TRACING` set to `false` or `0` at construction has the same effect. Default: `true`.
   */
  enabled?: boolean;
  /**
   * Path of the native addon, for bundlers that move files. Default: the environment variable
   * `TRACESTORE_NATIVE_BINDING`, else the addon installed with the package.
   */
  nativeBinding?: string;
}

/** How to make a {@link SqliteTraceStore.backup}. */
export interface BackupOptions {
  /**
   * Called as the copy grows, with numbers that never get smaller; the last time with both equal. If it throws, the
   * backup ends and rejects with that.
   */
  onProgress?: (progress: { copiedPages: number; totalPages: number }) => void;
  /** Ends the backup, which then rejects with the signal's reason, unless it is finished already. */
  signal?: AbortSignal;
}

/** A finished {@link SqliteTraceStore.backup}. */
export interface BackupReport {
  /** Absolute path of the copy. */
  path: string;
  /** Bytes of the copy. */
  fileBytes: number;
}

/** How to {@link SqliteTraceStore.verify}. */
export interface VerifyOptions {
  /**
   * Called first when the rows are counted, again when the database's own structure is checked, then as rows are
   * checked, with numbers that never get smaller; the last time, and only then, with both equal. A row counts once for
   * each part of the check that looks at it; the total grows only where damage made more rows than can be. If it
   * throws, the check ends and rejects with that.
   */
  onProgress?: (progress: { checkedRows: number; totalRows: number }) => void;
  /** Ends the check, which then rejects with the signal's reason, unless it is finished already. */
  signal?: AbortSignal;
}

/** What {@link SqliteTraceStore.verify} found. */
export interface VerifyReport {
  /** Whether there is no problem. */
  ok: boolean;
  /** The first 100 problems, in the order they were found. */
  problems: VerifyProblem[];
  /** How many there are. */
  problemCount: number;
  /** What was counted on the way; `pieces` are the texts that documents share. */
  counts: StoreInfo['counts'] & { pieces: number };
}

/** One thing that is not as it should be. */
export interface VerifyProblem {
  area: VerifyArea;
  /** What is wrong, with the ids of the documents concerned; never their content. */
  message: string;
}

/**
 * Which part of the store a problem is in: the database's own structure, a document, a text that documents share, the
 * count of who uses such a text, the tags by which lists find documents, or the sets and counts that totals and lists
 * come from.
 */
export type VerifyArea = 'database' | 'documents' | 'pieces' | 'owners' | 'tags' | 'lists';

/** The methods of {@link TraceStore} that write. */
export type WriteMethod =
  | 'startTrace'
  | 'endTrace'
  | 'addSpan'
  | 'setApiIO'
  | 'upsertSession'
  | 'ensureConfigSnapshot'
  | 'setTraceScores'
  | 'setTraceTags';

/** Which value `redact` was given: the call, the document, the field. */
export interface RedactWhere {
  method: WriteMethod;
  document: 'trace' | 'span' | 'session' | 'configSnapshot';
  /**
   * The document's top-level field: `input`, `output`, `apiInput`, `apiOutput`, `metadata`, `error`,
   * `genAiAttributes`; of a config snapshot `prompts`, `responseSchemas`, `groundingConfig`, `executionPlan`;
   * and any key that the contract does not name.
   */
  field: string;
  traceId?: string;
  spanId?: string;
  sessionId?: string;
  snapshotId?: string;
}

/** The write that failed. Ids are given as far as they are known. */
export interface FailedOperation {
  method: WriteMethod;
  traceId?: string;
  spanId?: string;
  sessionId?: string;
  snapshotId?: string;
}

/** How a store is doing. Counts and sizes are of the file, that is of all its writers, unless said otherwise. */
export interface StoreInfo {
  /** Absolute path, or `':memory:'`. */
  path: string;
  enabled: boolean;
  readonly: boolean;
  /** Bytes of the database file. */
  fileBytes: number;
  /** Bytes of the write-ahead log beside it. */
  walBytes: number;
  counts: { traces: number; spans: number; sessions: number; configSnapshots: number };
  /** Of the file; counts migrations. */
  schemaVersion: number;
  /** Writes of this process that wait for the commit. */
  queuedOperations: number;
  /** Their size in bytes. */
  queuedBytes: number;
  /** Writes of this process left out because the queue was full (`onFull: 'drop'`). */
  droppedWrites: number;
  /** Writes of this instance that failed. */
  failedWrites: number;
  /**
   * Failures inside this package (`INTERNAL`) that this process met on the file. Each cost no more than the calls that
   * met it, but please report them.
   */
  defects: number;
  /** The last failure, of this instance or of the engine's own work. */
  lastError: { code: TraceStoreErrorCode; message: string; at: Date } | null;
  /** Whether a reader holds back the checkpoint, so that the write-ahead log grows. */
  walBlocked: boolean;
  /** Bytes of JSON taken in. */
  bytesIn: number;
  /** Bytes of all pages in use, indexes included; an empty store has about 112 KiB. */
  bytesStored: number;
}

/**
 * What went wrong, by remedy.
 *
 * - `INVALID_ARGUMENT`: the call; the message names the field, what was found and what is expected.
 * - `NOT_FOUND`: the trace that should be changed was not started.
 * - `ALREADY_EXISTS`: the trace was started before, or a file is where the backup should go.
 * - `CONFLICT`: something else in this process uses the file in a way that loses data, or with other options.
 * - `CLOSED`: the store was closed.
 * - `BUSY`: another process held the file's lock beyond `busyTimeoutMs`.
 * - `IO`: the operating system refused to read or write.
 * - `FULL`: the disk is full.
 * - `CORRUPT`: the file is damaged, or another program wrote to it.
 * - `SCHEMA_TOO_NEW`: the file was written by a newer version of this package.
 * - `UNSUPPORTED`: this platform, file or store cannot do that.
 * - `QUEUE_FULL`: the writer did not keep up, see `maxQueueBytes` and `onFull`.
 * - `INTERNAL`: a defect of this package.
 */
export type TraceStoreErrorCode =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'CLOSED'
  | 'BUSY'
  | 'IO'
  | 'FULL'
  | 'CORRUPT'
  | 'SCHEMA_TOO_NEW'
  | 'UNSUPPORTED'
  | 'QUEUE_FULL'
  | 'INTERNAL';

/**
 * Every error of this package. `instanceof` holds across copies of the module, as bundlers and test runners
 * make them.
 */
export declare class TraceStoreError extends Error {
  constructor(
    code: TraceStoreErrorCode,
    message: string,
    details?: { cause?: unknown; method?: string; field?: string },
  );
  readonly name: 'TraceStoreError';
  readonly code: TraceStoreErrorCode;
  /** The method that failed; `'SqliteTraceStore'` for the constructor. */
  readonly method?: string;
  /** With `INVALID_ARGUMENT`: the path of the bad value, such as `span.startedAt`. */
  readonly field?: string;
  /** The error underneath, if any. */
  readonly cause?: unknown;
}
