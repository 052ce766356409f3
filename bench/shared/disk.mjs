// The disk under the files: whether they fit, what they take, and making the system forget what it read of them.
import { spawnSync } from 'node:child_process';
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Ends the run before it fills somebody's disk. */
export function needDisk(folder, bytes) {
  const { bavail, bsize } = statfsSync(folder);
  const [free, wanted] = [bavail * bsize, bytes].map((size) => (size / 1e9).toFixed(1));
  if (bavail * bsize > bytes * 1.2) return;
  throw new Error(
    `this needs ${wanted} GB in ${folder}, where ${free} GB are free: name another folder with --dir`,
  );
}

/** Of all files in the folder and below. */
export function bytesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

/** Drops the file's pages from the system's cache; false where that can't be asked for (GNU dd does, by posix_fadvise). */
export function dropPages(file) {
  return spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']).status === 0;
}
