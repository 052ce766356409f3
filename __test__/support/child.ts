/** Child processes for the specs that need something to end, crash or lock. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** How a child ended. */
export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface ChildOptions {
  nodeFlags?: string[];
  /** Default: 30,000. */
  timeoutMs?: number;
}

/** A hang shows as an end by this signal. */
const HANG_MS = 30_000;
const HANG_SIGNAL = 'SIGKILL';

/** Runs a script of `__test__/children` to its end; it finds `task` as JSON in its first argument. */
export function runScript(script: string, task: object, options?: ChildOptions): Promise<Outcome> {
  return startScript(script, task, options).ended;
}

/** Starts a script of `__test__/children`. */
export function startScript(script: string, task: object, options: ChildOptions = {}): Child {
  const file = join(import.meta.dirname, '../children', script);
  const args = [...(options.nodeFlags ?? []), file, JSON.stringify(task)];
  return new Child(process.execPath, args, { timeout: options.timeoutMs ?? HANG_MS });
}

export class Child {
  readonly ended: Promise<Outcome>;
  readonly #process: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(command: string, args: string[], options: SpawnOptions = {}) {
    this.#process = spawn(command, args, {
      timeout: HANG_MS,
      killSignal: HANG_SIGNAL,
      ...options,
      stdio: 'pipe',
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    // A child that died already can't be told anything; its end says more than EPIPE.
    this.#process.stdin?.on('error', () => {});
    this.ended = this.#wait();
    onTestFinished(async () => {
      this.kill();
      await this.ended;
    });
  }

  /** The complete lines printed so far. */
  get lines(): string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  /** What it complained of so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when that many lines are printed; rejects with what was printed if the child ends before. */
  async printed(lines: number): Promise<void> {
    const stdout = this.#process.stdout;
    while (this.lines.length < lines) {
      const outcome = await Promise.race([this.ended, stdout && once(stdout, 'data').then(() => undefined)]);
      if (outcome && this.lines.length < lines) throw new Error(`ended early: ${JSON.stringify(outcome)}`);
    }
  }

  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#process.kill(signal);
  }

  async #wait(): Promise<Outcome> {
    const [code, signal] = (await once(this.#process, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }
}
