/** The names of the OpenTelemetry attributes for generative AI: which are metadata, which are content, which are old. */
import { RECORD } from '../check/checks.js';
import type { Mend } from '../check/rules.js';
import { leaveOut } from '../check/mend.js';
import { copyFields, isObject, read } from '../check/safe-read.js';
import type { Check } from '../check/rules.js';
import TABLE from './gen-ai.json';

/** The type of an attribute that is metadata. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'strings';

/**
 * A line of the table, which the native side reads too. `fact` is the column that the attribute tells. Aliases are old names,
 * and those that OpenInference (`llm.*`) and the AI SDK (`ai.*`) give the same; only such as hold no index and no word of the
 * user's.
 */
interface Attribute {
  name: string;
  type: string;
  fact?: string;
  aliases?: string[];
}

const ATTRIBUTE_TABLE: Attribute[] = TABLE;

/** Attributes that may be stored without content, and the type under which they may. */
export const METADATA_ATTRIBUTES: ReadonlyMap<string, AttributeType> = new Map(
  ATTRIBUTE_TABLE.filter(({ type }) => type !== 'content').map(({ name, type }) => [
    name,
    type as AttributeType,
  ]),
);

/** Attributes that hold what users and models wrote; their names are the convention's and may be told. */
export const CONTENT_ATTRIBUTES: ReadonlySet<string> = new Set(
  ATTRIBUTE_TABLE.filter(({ type }) => type === 'content').map(({ name }) => name),
);

const PRESENT_NAMES: ReadonlyMap<string, string> = new Map(
  ATTRIBUTE_TABLE.flatMap(({ name, aliases = [] }) =>
    aliases.map((alias): [string, string] => [alias, name]),
  ),
);

/** The present name of an attribute. */
export function presentName(name: string): string {
  return PRESENT_NAMES.get(name) ?? name;
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

/** One reason is a list of one. */
export const listReasons: Mend = (value) =>
  typeof value === 'string' ? { value: [value] } : leaveOut(value);

export const listFinishReasons: Mend = (value) => {
  if (!isObject(value)) return undefined;
  const attributes = copyFields(value);
  return { value: { ...attributes, [FINISH_REASONS]: [attributes[FINISH_REASONS]] } };
};
