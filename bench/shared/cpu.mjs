// Reads the CPU time of the thread that runs JavaScript.
import { readFileSync } from 'node:fs';

/** CPU microseconds of the main thread so far, its share of garbage collection included; NaN where the system does not tell. */
export function mainThreadUs() {
  if (process.platform === 'linux')
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
  if (!process.threadCpuUsage) return NaN;
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

export function mainThreadSource() {
  if (process.platform === 'linux') return '/proc/self/task/<main>/schedstat';
  return process.threadCpuUsage ? 'process.threadCpuUsage' : 'not to be had on this system and Node version';
}
