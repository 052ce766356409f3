/** The error class: what it carries, and that it is known across copies of the module. */
import { createRequire } from 'node:module';
import { TraceStoreError } from 'tracestore';
import { expect, it } from 'vitest';

it('carries code, method, field and cause', () => {
  const cause = new Error('below');
  const error = new TraceStoreError('IO', 'getTrace: gone', { cause, method: 'getTrace' });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'TraceStoreError', code: 'IO', method: 'getTrace', cause });
  expect(String(error)).toBe('TraceStoreError: getTrace: gone');
  expect('field' in error).toBe(false);
  expect('cause' in new TraceStoreError('IO', 'x')).toBe(false);
  expect(error.stack).toContain('errors.spec');
});

it('is an instance of every copy of the class, and nothing else is', () => {
  const require = createRequire(import.meta.url);
  const file = require.resolve('tracestore').replace(/index\.js$/, 'errors.js');
  delete require.cache[file];
  const copy = (require(file) as { TraceStoreError: typeof TraceStoreError }).TraceStoreError;
  expect(copy).not.toBe(TraceStoreError);
  expect(new copy('IO', 'x')).toBeInstanceOf(TraceStoreError);
  expect(new TraceStoreError('IO', 'x')).toBeInstanceOf(copy);
  for (const other of [new Error('x'), null, undefined, 'x', { code: 'IO' }]) {
    expect(other instanceof TraceStoreError).toBe(false);
  }
});

it('may be extended', () => {
  class Mine extends TraceStoreError {}
  expect(new Mine('IO', 'x')).toBeInstanceOf(TraceStoreError);
  expect(new Mine('IO', 'x')).toBeInstanceOf(Mine);
  expect(new TraceStoreError('IO', 'x') instanceof Mine).toBe(false);
});

it('is one class for import and require', () => {
  const require = createRequire(import.meta.url);
  expect((require('tracestore') as { TraceStoreError: unknown }).TraceStoreError).toBe(TraceStoreError);
});
