/** What frameworks were seen to emit (`fixtures/captures`). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Any JSON of a framework, of which no types are at hand here. */
// oxlint-disable-next-line typescript/no-explicit-any -- what it holds is the framework's affair
export type Json = any;

const FOLDER = fileURLToPath(new URL('../../fixtures/captures/', import.meta.url));

export function readJson(file: string): Json {
  return JSON.parse(readFileSync(FOLDER + file, 'utf8'));
}

/** The lines of a file, with dates and errors as the framework had them. */
export function readLines(file: string): Json[] {
  return readFileSync(FOLDER + file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line, revive));
}

function revive(_key: string, value: Json): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value) return new Date(value.$date);
  return value;
}

export function without(record: Json, keys: string[]): Json {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
