/** The names of the OpenTelemetry attributes for generative AI: which are metadata, which are content, which are old. */
import { RECORD } from '../check/checks.js';
import type { Mend } from '../check/rules.js';
import { copyFields, isObject, read } from '../check/safe-read.js';
import type { Check } from '../check/rules.js';

/** The type of an attribute that is metadata. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'strings';

const STRINGS = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.model',
  'gen_ai.response.id',
  'gen_ai.conversation.id',
  'gen_ai.agent.id',
  'gen_ai.agent.name',
  'gen_ai.agent.version',
  'gen_ai.tool.name',
  'gen_ai.tool.type',
  'gen_ai.tool.call.id',
  'gen_ai.output.type',
];

const NUMBERS = [
  'gen_ai.request.choice.count',
  'gen_ai.request.frequency_penalty',
  'gen_ai.request.max_tokens',
  'gen_ai.request.presence_penalty',
  'gen_ai.request.seed',
  'gen_ai.request.temperature',
  'gen_ai.request.top_k',
  'gen_ai.request.top_p',
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.total_tokens',
  'gen_ai.usage.cost',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_write.input_tokens',
  'gen_ai.usage.reasoning.output_tokens',
  ...['text', 'image', 'audio'].flatMap((medium) => [
    `gen_ai.usage.${medium}.input_tokens`,
    `gen_ai.usage.${medium}.output_tokens`,
    `gen_ai.usage.${medium}.cache_read.input_tokens`,
  ]),
];

/** Attributes that may be stored without content, and the type under which they may. */
export const METADATA_ATTRIBUTES: ReadonlyMap<string, AttributeType> = new Map<string, AttributeType>([
  ...STRINGS.map((name) => [name, 'string'] as const),
  ...NUMBERS.map((name) => [name, 'number'] as const),
  ['gen_ai.request.stream', 'boolean'],
  ['gen_ai.response.finish_reasons', 'strings'],
]);

/** Attributes that hold what users and models wrote; their names are the convention's and may be told. */
export const CONTENT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'gen_ai.agent.description',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.request.stop_sequences',
  'gen_ai.retrieval.documents',
  'gen_ai.retrieval.query.text',
  'gen_ai.system_instructions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.tool.definitions',
  'gen_ai.tool.description',
]);

/**
 * Old name to present name. Only names of the convention itself are here: those of OpenInference (`llm.*`),
 * the AI SDK (`ai.*`) and others put indexes and user-chosen words into their keys.
 */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system', 'gen_ai.provider.name'],
  ['gen_ai.usage.prompt_tokens', 'gen_ai.usage.input_tokens'],
  ['gen_ai.usage.completion_tokens', 'gen_ai.usage.output_tokens'],
  ['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['gen_ai.usage.cache_creation_input_tokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['gen_ai.usage.cache_read_input_tokens', 'gen_ai.usage.cache_read.input_tokens'],
  ['gen_ai.prompt', 'gen_ai.input.messages'],
  ['gen_ai.completion', 'gen_ai.output.messages'],
]);

/** The present name of an attribute. */
export function presentName(name: string): string {
  return ALIASES.get(name) ?? name;
}

const FINISH_REASONS = 'gen_ai.response.finish_reasons';

/** An object of attributes; reasons that come as one text are to be made a list. */
export const ATTRIBUTES: Check = (value, seen) => {
  const problem = RECORD(value, seen);
  if (problem !== undefined || typeof read(value as object, FINISH_REASONS) !== 'string') return problem;
  return {
    at: `[${JSON.stringify(FINISH_REASONS)}]`,
    expected: 'a list of texts',
    found: { words: 'a text' },
  };
};

export const listFinishReasons: Mend = (value) => {
  if (!isObject(value)) return undefined;
  const attributes = copyFields(value);
  return { value: { ...attributes, [FINISH_REASONS]: [attributes[FINISH_REASONS]] } };
};
