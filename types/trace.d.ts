/** Traces: executions of an agent. */

import type { ErrorInfo, ErrorInfoInput } from './error-info.js';

/** `running` from `startTrace` until `endTrace` names one of the others. */
export type TraceStatus = 'running' | 'completed' | 'failed' | 'timeout';

/**
 * One execution of an agent, as read back. Ids are 1 to 512 bytes of well-formed UTF-8.
 *
 * A trace exists from its first span on. Of one that `startTrace` didn't start, what nobody gave is what its first root
 * span says (the one with the least start, of those the one written first): `agentName` is its name, `startedAt` its start,
 * `sessionId` its `sessionId` or `gen_ai.conversation.id`, `userId` and `endUserId` its own, `model` its model, and its end
 * and status are the trace's. Until there is a root span it is `running` since the earliest start; names are `''`, numbers
 * 0 and the input empty until they are given, and filters don't find them by that.
 */
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
  /**
   * Given where the trace is `running` and the process that last wrote to it or to one of its spans is gone. Derived when it
   * is read.
   */
  state?: 'aborted';
  userId: number;
  auditingId: number;
  /** Between the years 1678 and 2262, with milliseconds. */
  startedAt: Date;
  completedAt?: Date;
  /** Milliseconds, not negative; computed from the two dates if `endTrace` gave none. */
  durationMs?: number;
  /**
   * Numbers of tokens. Where nobody gave them, from the end on the sum of its `llm` spans that have no `llm` span below them;
   * those that come later count too. `null` in `endTrace` keeps them absent.
   */
  tokens?: { input: number; output: number; total: number };
  /** Likewise, if all of those are in one currency. */
  cost?: TraceCost;
  /** In the order given: those of `startTrace`, `defaultTags` that they lacked, those that `endTrace` added. */
  tags: string[];
  scores?: Record<string, number>;
  metadata?: Record<string, any>;
  /** The user it was done for, in the framework's own words. */
  endUserId?: string;
  /** The message of a conversation that it answers. */
  messageId?: string;
  /** The model of its first root span, where the trace was not started by `startTrace`. */
  model?: string;
  /** Why it ended as it did: `aborted`, `cancelled`, `guardrail`, `interrupted`, or any word. */
  statusReason?: string;
  errorInfo?: ErrorInfo;
  /** The start in nanoseconds since the epoch, as decimal text; there if it carries more than milliseconds. */
  startedAtNs?: string;
  /** The end, likewise. */
  endedAtNs?: string;
  /** `completedAt` lies before `startedAt`; `durationMs` is 0 then, if none was given. */
  clockSkew?: true;
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
  /** Nanoseconds since the epoch, as a bigint or decimal text; wins over `startedAt`. */
  startedAtNs?: bigint | string;
  endUserId?: string;
  messageId?: string;
  /** Default: none but the store's `defaultTags`. */
  tags?: string[];
  metadata?: Record<string, any>;
}

/** Any part of what is known of a trace. */
export interface TraceTold extends Partial<Omit<TraceInput, 'traceId' | 'status'>> {
  traceId: string;
  /** Added to those that it has. */
  scores?: Record<string, number>;
}

/**
 * What is known when a trace ends. In an optional field `null` clears what was stored, but in `completedAt` and
 * `durationMs` it means absent.
 */
export interface TraceEndInput {
  status: 'completed' | 'failed' | 'timeout';
  /** An `Error` as `error` is recorded as its stack with its causes. */
  output?: (Omit<NonNullable<Trace['output']>, 'error'> & { error?: string | Error }) | null;
  /** Default: that of an earlier call, else now. */
  completedAt?: Date;
  /** Milliseconds, not negative. Default: that of an earlier call, else `completedAt` minus `startedAt`. */
  durationMs?: number;
  /** `total` defaults to the sum. Like `cost`, `scores` and `durationMs`, left out and reported to `onError` if it is no measurement (`NaN`, say). */
  tokens?: { input: number; output: number; total?: number } | null;
  cost?: TraceCost | null;
  apiOutput?: any;
  /** Merged with the scores present. */
  scores?: Record<string, number> | null;
  /** United with the tags present. */
  tags?: string[] | null;
  /** Merged with the metadata present, at the top level. */
  metadata?: Record<string, any> | null;
  /** Nanoseconds since the epoch, as a bigint or decimal text; wins over `completedAt`. */
  endedAtNs?: bigint | string;
  messageId?: string | null;
  statusReason?: string | null;
  /** Default: what an `Error` as `output.error` says. Its message is the default of `output.error`. */
  errorInfo?: ErrorInfoInput | null;
}
