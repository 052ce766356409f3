// What it costs to store something: the main thread and the wall clock until all is stored, and the CPU of all threads until the store is closed.
import { setTimeout } from 'node:timers/promises';
import { mainThreadUs } from './cpu.mjs';

/** Compares whole costs: what a store leaves for later counts, checkpoints included. Node must run with `--expose-gc`. */
export async function costOf(write, close) {
  globalThis.gc();
  await setTimeout(20); // a thread's CPU time is exact just after it slept
  const [mainBefore, cpuBefore, begun] = [mainThreadUs(), process.cpuUsage(), performance.now()];
  await write();
  const wallMs = performance.now() - begun;
  await setTimeout(5);
  const mainUs = mainThreadUs() - mainBefore;
  await close();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { mainUs, cpuUs: user + system, wallMs };
}
