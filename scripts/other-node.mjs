// Another version of Node, from the npm package `node`.
import { run } from './e2e/run.mjs';

/** The path of its executable; of the running one, if that is of the same major version. `cwd`: a folder that is no npm package. */
export async function otherNode(version, cwd) {
  if (process.versions.node.split('.')[0] === version.split('.')[0]) return process.execPath;
  const output = await run('npx', ['-y', '--loglevel=error', `node@${version}`, '-p', 'process.execPath'], {
    cwd,
  });
  return output.trim().split('\n').at(-1);
}
