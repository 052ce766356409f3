/** Filters that are refused: a filter that is silently ignored would show what it was meant to hide. */
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { failure, openStore } from './support.js';

const NUMBER = 'a finite number';
const TAGS = 'an array of at most 100';
const LIMIT = 'a whole number of documents from 0 to 1000';
const OFFSET = 'a whole number of documents from 0 to 9007199254740991';

type Case = [field: string, value: unknown, expected: string, found: string];

const pageCases: Case[] = [
  ['limit', -1, LIMIT, 'number -1'],
  ['limit', 1.5, LIMIT, 'number 1.5'],
  ['limit', 1001, LIMIT, 'number 1001'],
  ['limit', '10', LIMIT, 'string "10"'],
  ['limit', Number.NaN, LIMIT, 'number NaN'],
  ['limit', null, LIMIT, 'null'],
  ['offset', -1, OFFSET, 'number -1'],
  ['offset', 0.5, OFFSET, 'number 0.5'],
  ['userId', '7', NUMBER, 'string "7"'],
  ['userId', null, NUMBER, 'null'],
  ['userId', Number.NaN, NUMBER, 'number NaN'],
  ['total', 'no', 'a boolean', 'string "no"'],
  ['tags', 'a', TAGS, 'string "a"'],
  ['tags', Array(101).fill('a'), TAGS, 'an array of 101'],
  ['tags[1]', ['a', 1], 'a well-formed string', 'number 1'],
];

const traceCases: Case[] = [
  ...pageCases,
  ['agentName', 5, 'a well-formed string', 'number 5'],
  ['sessionId', null, 'a well-formed string', 'null'],
  ['status', 'done', '"running", "completed", "failed" or "timeout"', 'string "done"'],
  ['after', '2026-01-01', 'a valid Date', 'string "2026-01-01"'],
  ['before', new Date(Number.NaN), 'a valid Date', 'an invalid Date'],
];

type List = (store: SqliteTraceStore, filter: never) => Promise<unknown>;
const lists: Array<[string, Case[], List]> = [
  ['listTraces', traceCases, (store, filter) => store.listTraces(filter)],
  ['listSessions', pageCases, (store, filter) => store.listSessions(filter)],
];

describe.each(lists)('%s', (method, cases, list) => {
  it.each(cases)('refuses %s: %j', async (field, value, expected, found) => {
    const name = field.replace(/\[.*/, '');
    const error = await failure(list(openStore(), { [name]: value } as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method, field: `filter.${field}` });
    expect(error.message).toBe(`${method}: filter.${field} must be ${expected}, got ${found}`);
  });

  it('refuses an unknown key by name', async () => {
    const error = await failure(list(openStore(), { user: 7 } as never));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toMatch(/filter\.user must be absent, got an unknown key \(known: .*userId/);
  });

  it.each([[null], ['x'], [[]]])('refuses %j', async (filter) => {
    const error = await failure(list(openStore(), filter as never));
    expect(error.message).toMatch(/filter must be an object, got/);
  });

  it('refuses a cursor that is none', async () => {
    const foreign = method === 'listTraces' ? 's1.1' : 't1.1';
    for (const cursor of ['', 5, 'nonsense', '1.1', foreign]) {
      const error = await failure(list(openStore(), { cursor } as never));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method, field: 'filter.cursor' });
      expect(error.message).toContain(`filter.cursor must be the nextCursor of a page of ${method}, got`);
    }
  });

  it('refuses a cursor beside an offset', async () => {
    const error = await failure(
      list(openStore(), { cursor: method === 'listTraces' ? 't1.1' : 's1.1', offset: 0 } as never),
    );
    expect(error.message).toBe(`${method}: filter.offset must be absent beside a cursor, got number 0`);
  });
});
