/** What a span says of the call that it records: of a model, a tool, an agent. */

/**
 * Given by the framework, or told by `genAiAttributes` under the names of the OpenTelemetry conventions, their old names and
 * those that OpenInference and the AI SDK use: lists and {@link SpanInfo} know it either way, and a field that is given here
 * counts before an attribute. A span reads as it was given.
 */
export interface SpanCall {
  /** What was done, such as `chat`, `embeddings`, `execute_tool`. Default for lists: `gen_ai.operation.name`. */
  operation?: string;
  /** Such as `openai`. Default for lists, as for the fields below: the attribute of the same meaning. */
  provider?: string;
  requestModel?: string;
  responseModel?: string;
  modelVersion?: string;
  /** Numbers of tokens. */
  tokens?: SpanTokens;
  finishReasons?: string[];
  conversationId?: string;
  toolName?: string;
  toolCallId?: string;
  agentName?: string;
  /** Of the trace that it belongs to, where that doesn't say so; 1 to 512 bytes. */
  sessionId?: string;
  userId?: number;
}

/** What a model call used, as far as it is known. */
export interface SpanTokens {
  input?: number;
  output?: number;
  total?: number;
  /** Of the input, read from the provider's cache. */
  cacheRead?: number;
  /** Of the input, written to the provider's cache. */
  cacheWrite?: number;
  /** Of the output, spent on reasoning. */
  reasoning?: number;
}
