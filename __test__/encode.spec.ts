// Imports the encoder itself, not the package: its text is compared with `JSON.stringify` before native code has seen it.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Encoder, plainText, type Frame } from '../lib/write/encode/encode.js';
import { presented } from '../lib/write/encode/present.js';
import { anyRecipe, type Recipe } from './support/any-value.js';
import { Expander } from './support/expand.js';

// The two makings of a value are on different lines.
Error.stackTraceLimit = 0;
vi.setConfig({ testTimeout: 3_600_000 });

const CASES = Number(process.env['TRACESTORE_ENCODE_CASES'] ?? 5_000);
const FRAME: Frame = { document: 'span', maxBytes: 64 << 20, onOversize: 'cut' };

/** One instance for all cases, so that what one of them defined is there for the next. */
const encoder = new Encoder(() => {});
const native = new Expander();

/** `JSON.stringify` with the table of stand-ins as its replacer. */
function oracle(value: unknown): string {
  return JSON.stringify({ input: value }, function replace(this: object, key: string, shown: unknown) {
    // Buffer's own toJSON was asked already; the table knows better.
    const given: unknown = Object.getOwnPropertyDescriptor(this, key)?.value;
    return presented(Buffer.isBuffer(given) ? given : shown);
  });
}

function text(value: unknown): string {
  return plainText({ input: value }, FRAME);
}

function check(make: Recipe): void {
  const [ours, theirs, referring]: [string[], string[], string[]] = [[], [], []];
  const expected = oracle(make(theirs));
  expect(text(make(ours))).toBe(expected);
  expect(ours).toEqual(theirs);
  expect(native.expand(encoder.encode({ input: make(referring) }, FRAME))).toBe(expected);
  expect(referring).toEqual(theirs);
}

describe('the text of a value', () => {
  it(`is that of JSON.stringify with the table, and asks as often: ${CASES} cases`, () => {
    fc.assert(fc.property(anyRecipe, check), { numRuns: CASES });
  });
});
