/**
 * The types of the interface document that frameworks code against (01-trace-store-interface.md), as they stand there;
 * of what it names and does not define, today's.
 */
/* oxlint-disable typescript/no-explicit-any -- the document's */
import type { SpanInput, TraceEndInput, TraceInput } from 'tracestore';

export interface TraceStore {
  startTrace(trace: TraceInput): Promise<void>;
  endTrace(traceId: string, result: TraceEndInput): Promise<void>;
  addSpan(span: SpanInput): Promise<void>;
  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }): Promise<void>;
  upsertSession(session: Session): Promise<void>;
  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void>;
  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null>;
  getTrace(traceId: string): Promise<Trace | null>;
  listTraces(filter: TraceFilter): Promise<TracePage>;
  getSpans(traceId: string): Promise<Span[]>;
  getSession(sessionId: string): Promise<Session | null>;
  listSessions(filter: SessionFilter): Promise<SessionPage>;
  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void>;
  setTraceTags(traceId: string, tags: string[]): Promise<void>;
}

export interface TraceStoreConfig {
  captureContent: boolean;
  defaultTags?: string[];
}

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
  apiInput?: any;
  apiOutput?: any;
  status: TraceStatus;
  userId: number;
  auditingId: number;
  startedAt: Date;
  completedAt?: Date;
  durationMs?: number;
  tokens?: { input: number; output: number; total: number };
  cost?: TraceCost;
  tags: string[];
  scores?: Record<string, number>;
  metadata?: Record<string, any>;
}

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
  startedAt: Date;
  durationMs: number;
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

export type SpanKind = 'llm' | 'retrieval' | 'tool' | 'agent' | 'grounding' | 'api' | 'custom';

export type TraceStatus = 'running' | 'completed' | 'failed' | 'timeout';

export type SpanStatus = 'ok' | 'error';

export interface TraceCost {
  total: number;
  byModel?: Record<string, number>;
  currency: string;
}

export interface Session {
  schemaVersion: 1;
  sessionId: string;
  userId: number;
  auditingId: number;
  createdAt: Date;
  updatedAt: Date;
  traceCount: number;
  tags: string[];
  metadata?: Record<string, any>;
}

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

export interface TraceFilter {
  agentName?: string;
  sessionId?: string;
  userId?: number;
  status?: TraceStatus;
  tags?: string[];
  after?: Date;
  before?: Date;
  limit?: number;
  offset?: number;
}

export interface TracePage {
  traces: Trace[];
  total: number;
  hasMore: boolean;
}

export interface SessionFilter {
  userId?: number;
  tags?: string[];
  limit?: number;
  offset?: number;
}

/** Named and not defined; shaped like `TracePage`. */
export interface SessionPage {
  sessions: Session[];
  total: number;
  hasMore: boolean;
}
