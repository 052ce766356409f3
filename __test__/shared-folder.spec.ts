/**
 * Design rule 9: a folder that containers or machines share by a file system without shared memory is refused, by the
 * file system's type; what a container itself writes to is not. With real mounts, in a mount namespace of their own.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { tempFolder } from './support.js';
import { Child, type Outcome } from './support/child.js';

vi.setConfig({ testTimeout: 60_000 });

const CHILDREN = join(import.meta.dirname, 'children');
/** What children/fuse.py ends with. */
const NO_MOUNT = 77;
/** What a shell's or unshare's end is where the command is not found. */
const NO_PYTHON = 127;

const mayMount = (): boolean =>
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0;
const NO_MOUNTS = mayMount() ? '' : '(skipped: this user may not mount file systems)';

/** Runs a command as the only one who sees its mounts. */
function apart(command: string[]): Promise<Outcome> {
  return new Child('unshare', ['-m', ...command]).ended;
}

function useOf(path: string): string[] {
  const task = { options: { path }, steps: ['write', 'read'] };
  return [process.execPath, '--no-warnings', join(CHILDREN, 'use.mjs'), JSON.stringify(task)];
}

it.skipIf(NO_MOUNTS !== '').for([
  ['a file', 'traces.db'],
  ['a file that is not there yet', 'new/traces.db'],
] as const)(
  `FUSE, as shared folders are, is refused with the remedy: %s ${NO_MOUNTS}`,
  async ([_name, file], { skip }) => {
    const folder = tempFolder();
    const serve = ['python3', join(CHILDREN, 'fuse.py'), folder];
    const outcome = await apart([...serve, ...useOf(join(folder, file))]);
    skip([NO_MOUNT, NO_PYTHON].includes(outcome.code ?? 0), `no FUSE: ${outcome.stderr}`);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const remedy = /traces.db lies on FUSE.*Use a local disk, or locking: 'exclusive'/;
    const refused = { code: 'UNSUPPORTED', message: expect.stringMatching(remedy) as string };
    expect(JSON.parse(outcome.stdout)).toEqual([refused, refused]);
  },
);

it.skipIf(NO_MOUNTS !== '')(
  `a file that takes long to open holds up no other store of the process ${NO_MOUNTS}`,
  async ({ skip }) => {
    const [folder, other] = [tempFolder(), join(tempFolder(), 'traces.db')];
    const task = { slow: join(folder, 'traces.db'), path: other };
    const use = [process.execPath, '--no-warnings', join(CHILDREN, 'slow-file.mjs'), JSON.stringify(task)];
    const outcome = await apart(['python3', join(CHILDREN, 'fuse.py'), folder, ...use]);
    skip([NO_MOUNT, NO_PYTHON].includes(outcome.code ?? 0), `no FUSE: ${outcome.stderr}`);
    expect(outcome).toMatchObject({ code: 0, stderr: '', stdout: '[1,1,"IO"]\n' });
  },
);

it.skipIf(NO_MOUNTS !== '').each([
  ['tmpfs', 'mount -t tmpfs x "$0"'],
  [
    'overlay',
    'mount -t tmpfs x "$0" && cd "$0" && mkdir l u w && mount -t overlay x -o lowerdir=l,upperdir=u,workdir=w "$0"',
  ],
])(`%s, as containers have, is not ${NO_MOUNTS}`, async (_name, mount) => {
  const folder = tempFolder();
  const script = `${mount} && exec "$@"`;
  const outcome = await apart(['sh', '-c', script, folder, ...useOf(join(folder, 'traces.db'))]);
  expect(outcome).toMatchObject({ code: 0, stderr: '', stdout: '[1,1]\n' });
});
