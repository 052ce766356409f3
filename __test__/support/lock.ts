/**
 * Holds a file's write lock from another process: for as long as a test wants, which no store of ours would.
 *
 * That takes another SQLite. `node:sqlite` is one from Node 22.13 on, Python has one nearly everywhere; where there is
 * neither, the tests that need it are skipped and say why.
 */
import { spawnSync } from 'node:child_process';
import { Child } from './child.js';

const PYTHON = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("begin immediate")
print("held", flush=True)
sys.stdin.readline()
connection.execute("rollback")
`;

const NODE = `
const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
database.exec('begin immediate');
console.log('held');
process.stdin.once('data', () => {
  database.exec('rollback');
  process.exit();
});
`;

const HOLDERS: Array<[command: string, args: string[], probe: string]> = [
  [
    process.execPath,
    ['--no-warnings', '-e'],
    "if (!process.getBuiltinModule?.('node:sqlite')) process.exit(1)",
  ],
  ['python3', ['-c'], 'import sqlite3'],
];

const holder = HOLDERS.find(([command, args, probe]) => spawnSync(command, [...args, probe]).status === 0);

/** Why the tests with a lock are skipped, or `''`. */
export const NO_LOCK = holder === undefined ? 'neither node:sqlite nor python3 with sqlite3 is there' : '';

export class Lock {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  /** Takes the lock of an existing file that no write is going on in. */
  static async hold(path: string): Promise<Lock> {
    if (holder === undefined) throw new Error(NO_LOCK);
    const [command, args] = holder;
    const script = command === 'python3' ? PYTHON : NODE;
    // Not before the children that wait for it: theirs is the hang to be seen.
    const child = new Child(command, [...args, script, path], { timeout: 0 });
    await child.printed(1);
    return new Lock(child);
  }

  async release(): Promise<void> {
    this.#child.tell('release');
    await this.#child.ended;
  }
}
