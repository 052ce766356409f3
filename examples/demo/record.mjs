// Plays recorded calls on the store as an agent would make them, and shows how many are committed.
/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { setImmediate } from 'node:timers/promises';
import { play } from '../../fixtures/calls.mjs';
import { bytes, duration, heading, number, paint } from './format.mjs';

const CALLS_PER_TICK = 4; // what a few agents at once write between two turns of the event loop
const FRAME_MS = 40;

/** Resolves with the bytes of JSON that the calls carried, when all of them are committed. */
export async function record(store, calls) {
  heading('Recording', 'calls of the TraceStore interface, from runs of an airline agent and a coding agent');
  const progress = new Progress(calls.length);
  const writes = [];
  for (const [i, call] of calls.entries()) {
    writes.push(play(store, call).then(() => progress.add(call.bytes)));
    if (i % CALLS_PER_TICK === 0) await setImmediate();
  }
  await Promise.all(writes);
  progress.end();
  return progress.bytes;
}

class Progress {
  done = 0;
  bytes = 0;
  #total;
  #start = performance.now();
  #drawn = 0;
  #live = process.stdout.isTTY === true;

  constructor(total) {
    this.#total = total;
  }

  add(size) {
    this.done += 1;
    this.bytes += size;
    const now = performance.now();
    if (!this.#live || now - this.#drawn < FRAME_MS) return;
    this.#drawn = now;
    process.stdout.write(`\r${this.#line()}`);
  }

  end() {
    process.stdout.write(`${this.#live ? '\r' : ''}${this.#line()}\n`);
  }

  #line() {
    const filled = Math.round((this.done / this.#total) * 30);
    const bar = `${paint.green('█'.repeat(filled))}${paint.dim('░'.repeat(30 - filled))}`;
    const calls = `${number(this.done)}/${number(this.#total)} calls committed`;
    return `  ${bar} ${calls}, ${bytes(this.bytes)} of JSON in ${duration(performance.now() - this.#start)} `;
  }
}
