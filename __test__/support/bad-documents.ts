/** Every bad value of every field that the contract names, as tables: field, value, what is expected, what is found. */
import { T0 } from '../support.js';

export type Case = [field: string, value: unknown, expected: string, found: string];

export const ID = 'a well-formed string of 1 to 512 bytes';
const NAME = 'a well-formed string';
const NUMBER = 'a finite number';
const DATE = 'a valid Date from 1678 to 2261';
const DURATION = 'a finite number of milliseconds, not negative';
export const LONE = 'a\ud800b';
export const LONE_FOUND = String.raw`a string with a lone surrogate, "a\ud800b"`;

/** The cases of every field that is an id. */
export const badIds = (field: string): Case[] => [
  [field, 5, ID, 'number 5'],
  [field, '', ID, 'string ""'],
  [field, LONE, ID, LONE_FOUND],
  [field, 'é'.repeat(257), ID, `string "${'é'.repeat(40)}…" of 514 bytes`],
];
const badNames = (field: string): Case[] => [
  [field, undefined, NAME, 'undefined'],
  [field, null, NAME, 'null'],
  [field, 5, NAME, 'number 5'],
  [field, LONE, NAME, LONE_FOUND],
];
const badNumbers = (field: string): Case[] => [
  [field, undefined, NUMBER, 'undefined'],
  [field, null, NUMBER, 'null'],
  [field, '7', NUMBER, 'string "7"'],
  [field, Number.NaN, NUMBER, 'number NaN'],
  [field, -Infinity, NUMBER, 'number -Infinity'],
  [field, 7n, NUMBER, 'a bigint'],
];
const badDates = (field: string): Case[] => [
  [field, '2026-01-02', DATE, 'string "2026-01-02"'],
  [field, 1767322800000, DATE, 'number 1767322800000'],
  [field, new Date(Number.NaN), DATE, 'an invalid Date'],
  [field, new Date('1677-12-31'), DATE, 'Date 1677-12-31T00:00:00.000Z'],
  [field, new Date('2262-01-01'), DATE, 'Date 2262-01-01T00:00:00.000Z'],
  [field, Object.create(Date.prototype), DATE, 'an object'],
];
export const missing = (field: string, expected: string): Case[] => [
  [field, undefined, expected, 'undefined'],
  [field, null, expected, 'null'],
];
const badTags: Case[] = [
  ['tags', 'a', 'an array', 'string "a"'],
  ['tags[1]', ['a', 5], NAME, 'number 5'],
  ['tags[0]', [LONE], NAME, LONE_FOUND],
];

export const traceCases: Case[] = [
  ...missing('traceId', ID),
  ...badIds('traceId'),
  ...badIds('configSnapshotId'),
  ...badIds('sessionId'),
  ...badIds('parentTraceId'),
  ...badNames('agentName'),
  ...badNames('agentVersion'),
  ...missing('input', 'an object'),
  ['input', [], 'an object', 'an array of 0'],
  ['input.prompt', { parameters: {} }, 'a string', 'undefined'],
  ['input.prompt', { prompt: 4111, parameters: {} }, 'a string', 'a number'],
  ['input.parameters', { prompt: '' }, 'an object', 'undefined'],
  ['input.parameters', { prompt: '', parameters: 'secret' }, 'an object', 'a string of 6 characters'],
  ['input.history', { prompt: '', parameters: {}, history: {} }, 'an array', 'an object'],
  [
    'input.history[0]',
    { prompt: '', parameters: {}, history: ['secret'] },
    'an object',
    'a string of 6 characters',
  ],
  [
    'input.history[1].role',
    { prompt: '', parameters: {}, history: [{ role: 'user', content: '' }, { content: '' }] },
    'a string',
    'undefined',
  ],
  [
    'input.history[0].content',
    { prompt: '', parameters: {}, history: [{ role: 'user', content: [] }] },
    'a string',
    'an array of 0',
  ],
  [
    'input.metadata',
    { prompt: '', parameters: {}, metadata: 'secret' },
    'an object',
    'a string of 6 characters',
  ],
  ...badNumbers('userId'),
  ...badNumbers('auditingId'),
  ...badDates('startedAt'),
  ['status', 'completed', '"running"', 'string "completed"'],
  ['completedAt', T0, 'absent (endTrace takes it)', 'Date 2026-01-02T03:04:05.678Z'],
  ['durationMs', 5, 'absent (endTrace takes it)', 'number 5'],
  ...badTags,
  ['metadata', 'secret', 'an object', 'a string of 6 characters'],
  ['schemaVersion', 2, '1', 'number 2'],
];

export const endCases: Case[] = [
  ...missing('status', '"completed", "failed" or "timeout"'),
  ['status', 'running', '"completed", "failed" or "timeout"', 'string "running"'],
  ['status', 'done', '"completed", "failed" or "timeout"', 'string "done"'],
  ['output.success', {}, 'a boolean', 'undefined'],
  ['output.error', { success: false, error: 5 }, 'a string', 'a number'],
  ['output.toolsUsed[0]', { success: true, toolsUsed: [5] }, NAME, 'number 5'],
  ...badDates('completedAt'),
  ...badTags,
  ['metadata', [], 'an object', 'an array of 0'],
  ['schemaVersion', 0, '1', 'number 0'],
  ['traceId', 't2', 'absent (startTrace takes it)', 'string "t2"'],
  ['startedAt', T0, 'absent (startTrace takes it)', 'Date 2026-01-02T03:04:05.678Z'],
];

const KINDS = '"llm", "retrieval", "tool", "agent", "grounding", "api" or "custom"';
export const spanCases: Case[] = [
  ...missing('spanId', ID),
  ...badIds('spanId'),
  ...missing('traceId', ID),
  ...badIds('traceId'),
  ...badIds('parentSpanId'),
  ...missing('kind', KINDS),
  ['kind', 'LLM', KINDS, 'string "LLM"'],
  ...badNames('name'),
  ...missing('status', '"ok" or "error"'),
  ['status', 'failed', '"ok" or "error"', 'string "failed"'],
  ['error', { message: 'secret' }, 'a string', 'an object'],
  ...missing('startedAt', DATE),
  ...badDates('startedAt'),
  ...missing('durationMs', DURATION),
  ['durationMs', '5', DURATION, 'string "5"'],
  ['genAiAttributes', 'secret', 'an object', 'a string of 6 characters'],
  ['toolType', 'other', '"framework", "mcp" or "dynamic"', 'string "other"'],
  ['metadata', 5, 'an object', 'a number'],
  ['schemaVersion', '1', '1', 'string "1"'],
];

export const sessionCases: Case[] = [
  ...missing('schemaVersion', '1'),
  ...missing('sessionId', ID),
  ...badIds('sessionId'),
  ...badNumbers('userId'),
  ...badNumbers('auditingId'),
  ...missing('createdAt', DATE),
  ...badDates('createdAt'),
  ...missing('updatedAt', DATE),
  ...badDates('updatedAt'),
  ...missing('traceCount', 'a whole number of traces from 0 to 9007199254740991'),
  ['traceCount', -1, 'a whole number of traces from 0 to 9007199254740991', 'number -1'],
  ['traceCount', 1.5, 'a whole number of traces from 0 to 9007199254740991', 'number 1.5'],
  ...missing('tags', 'an array'),
  ...badTags,
  ['metadata', 'secret', 'an object', 'a string of 6 characters'],
];

export const snapshotCases: Case[] = [
  ...missing('schemaVersion', '1'),
  ...missing('snapshotId', ID),
  ...badIds('snapshotId'),
  ...badNames('agentName'),
  ...badNames('agentVersion'),
  ...badNames('model'),
  ...missing('modelParams', 'an object'),
  ['modelParams.temperature', { temperature: 'hot' }, NUMBER, 'string "hot"'],
  ['modelParams.maxOutputTokens', { maxOutputTokens: Number.NaN }, NUMBER, 'number NaN'],
  ['modelParams.responseMimeType', { responseMimeType: 5 }, NAME, 'number 5'],
  ...missing('prompts', 'an object'),
  ['prompts["a"]', { a: 5 }, 'a string', 'number 5'],
  ['responseSchemas', [], 'an object', 'an array of 0'],
  ['store', 5, NAME, 'number 5'],
  ...missing('tags', 'an array'),
  ...badTags,
  ['source.gitSha', { gitSha: 5 }, NAME, 'number 5'],
  ...missing('createdAt', DATE),
  ...badDates('createdAt'),
];
