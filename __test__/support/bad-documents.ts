/** Every bad value of every field that the contract names, as tables: field, value, what is expected, what is found. */
import { T0 } from '../support.js';

export type Case = [field: string, value: unknown, expected: string, found: string];

export const ID = 'a well-formed string of 1 to 512 bytes';
const NAME = 'a well-formed string';
const NUMBER = 'a finite number';
const DATE = 'a valid Date from 1678 to 2261';
const DURATION = 'a finite number of milliseconds, not negative';
export const LONE = 'a\ud800b';
export const LONE_FOUND = 'a string of 3 characters with a lone surrogate';

/** The cases of every field that is an id. */
export const badIds = (field: string): Case[] => [
  [field, 5, ID, 'a number'],
  [field, '', ID, 'a string of 0 characters'],
  [field, LONE, ID, LONE_FOUND],
  [field, 'é'.repeat(257), ID, 'a string of 257 characters'],
];
const badNames = (field: string): Case[] => [
  [field, undefined, NAME, 'undefined'],
  [field, null, NAME, 'null'],
  [field, 5, NAME, 'a number'],
  [field, LONE, NAME, LONE_FOUND],
];
const badNumbers = (field: string): Case[] => [
  [field, undefined, NUMBER, 'undefined'],
  [field, null, NUMBER, 'null'],
  [field, '7', NUMBER, 'a string of 1 characters'],
  [field, Number.NaN, NUMBER, 'number NaN'],
  [field, -Infinity, NUMBER, 'number -Infinity'],
  [field, 7n, NUMBER, 'a bigint'],
];
const badDates = (field: string): Case[] => [
  [field, '2026-01-02', DATE, 'a string of 10 characters'],
  [field, 1767322800000, DATE, 'a number'],
  [field, new Date(Number.NaN), DATE, 'an invalid Date'],
  [field, new Date('1677-12-31'), DATE, 'a Date'],
  [field, new Date('2262-01-01'), DATE, 'a Date'],
  [field, Object.create(Date.prototype), DATE, 'an object'],
];
export const missing = (field: string, expected: string): Case[] => [
  [field, undefined, expected, 'undefined'],
  [field, null, expected, 'null'],
];
const badTags: Case[] = [
  ['tags', 'a', 'an array', 'a string of 1 characters'],
  ['tags[1]', ['a', 5], NAME, 'a number'],
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
  ['status', 'completed', '"running"', 'a string of 9 characters'],
  ['completedAt', T0, 'absent (endTrace takes it)', 'a Date'],
  ['durationMs', 5, 'absent (endTrace takes it)', 'a number'],
  ...badTags,
  ['metadata', 'secret', 'an object', 'a string of 6 characters'],
  ['schemaVersion', 2, '1', 'a number'],
];

export const endCases: Case[] = [
  ...missing('status', '"completed", "failed" or "timeout"'),
  ['status', 'running', '"completed", "failed" or "timeout"', 'a string of 7 characters'],
  ['status', 'done', '"completed", "failed" or "timeout"', 'a string of 4 characters'],
  ['output.success', {}, 'a boolean', 'undefined'],
  ['output.error', { success: false, error: 5 }, 'a string', 'a number'],
  ['output.toolsUsed[0]', { success: true, toolsUsed: [5] }, NAME, 'a number'],
  ...badDates('completedAt'),
  ...badTags,
  ['metadata', [], 'an object', 'an array of 0'],
  ['schemaVersion', 0, '1', 'a number'],
  ['traceId', 't2', 'absent (startTrace takes it)', 'a string of 2 characters'],
  ['startedAt', T0, 'absent (startTrace takes it)', 'a Date'],
];

const KINDS = '"llm", "retrieval", "tool", "agent", "grounding", "api" or "custom"';
export const spanCases: Case[] = [
  ...missing('spanId', ID),
  ...badIds('spanId'),
  ...missing('traceId', ID),
  ...badIds('traceId'),
  ...badIds('parentSpanId'),
  ...missing('kind', KINDS),
  ['kind', 'LLM', KINDS, 'a string of 3 characters'],
  ...badNames('name'),
  ...missing('status', '"ok" or "error"'),
  ['status', 'failed', '"ok" or "error"', 'a string of 6 characters'],
  ['error', { message: 'secret' }, 'a string', 'an object'],
  ...missing('startedAt', DATE),
  ...badDates('startedAt'),
  ...missing('durationMs', DURATION),
  ['durationMs', '5', DURATION, 'a string of 1 characters'],
  ['genAiAttributes', 'secret', 'an object', 'a string of 6 characters'],
  ['toolType', 'other', '"framework", "mcp" or "dynamic"', 'a string of 5 characters'],
  ['metadata', 5, 'an object', 'a number'],
  ['schemaVersion', '1', '1', 'a string of 1 characters'],
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
  ['traceCount', -1, 'a whole number of traces from 0 to 9007199254740991', 'a negative number'],
  ['traceCount', 1.5, 'a whole number of traces from 0 to 9007199254740991', 'a number with a fraction'],
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
  ['modelParams.temperature', { temperature: 'hot' }, NUMBER, 'a string of 3 characters'],
  ['modelParams.maxOutputTokens', { maxOutputTokens: Number.NaN }, NUMBER, 'number NaN'],
  ['modelParams.responseMimeType', { responseMimeType: 5 }, NAME, 'a number'],
  ...missing('prompts', 'an object'),
  ['prompts[key 1 of 1]', { a: 5 }, 'a string', 'a number'],
  ['responseSchemas', [], 'an object', 'an array of 0'],
  ['store', 5, NAME, 'a number'],
  ...missing('tags', 'an array'),
  ...badTags,
  ['source.gitSha', { gitSha: 5 }, NAME, 'a number'],
  ...missing('createdAt', DATE),
  ...badDates('createdAt'),
];
