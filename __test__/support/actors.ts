/** Processes and threads that use one file, and what they answer to the calls that a test hands them. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Call } from './model.js';

const SCRIPT = join(import.meta.dirname, '../children/actors.mjs');

export class Actors {
  readonly #processes: ChildProcess[];
  readonly #threads: number;
  readonly #pending = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;

  constructor(processes: number, threads: number) {
    this.#threads = threads;
    this.#processes = Array.from({ length: processes }, () => this.#start());
  }

  get count(): number {
    return this.#processes.length * this.#threads;
  }

  async openAll(path: string): Promise<void> {
    await this.#all('open', path);
  }

  async closeAll(): Promise<void> {
    await this.#all('close');
  }

  run(actor: number, calls: Call[]): Promise<Answer[]> {
    return this.#tell(actor, 'run', calls) as Promise<Answer[]>;
  }

  end(): void {
    for (const child of this.#processes) child.kill('SIGKILL');
  }

  #start(): ChildProcess {
    // By structured clones, which keep dates and what is undefined.
    const child = fork(SCRIPT, [String(this.#threads)], {
      serialization: 'advanced',
      execArgv: ['--no-warnings'],
    });
    child.on('message', ({ id, result }: { id: number; result: unknown }) => {
      this.#pending.get(id)?.resolve(result);
      this.#pending.delete(id);
    });
    child.on('exit', (code, signal) => {
      const error = new Error(`a process of actors ended by itself: ${code ?? signal}`);
      for (const { reject } of this.#pending.values()) reject(error);
    });
    return child;
  }

  async #all(act: string, ...args: unknown[]): Promise<void> {
    await Promise.all(Array.from({ length: this.count }, (_, actor) => this.#tell(actor, act, ...args)));
  }

  #tell(actor: number, act: string, ...args: unknown[]): Promise<unknown> {
    const child = this.#processes[Math.floor(actor / this.#threads)];
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      child?.send({ id, actor: actor % this.#threads, act, args });
    });
  }
}
