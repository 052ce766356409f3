/** Loads the native addon, and says what to do when it is not there; the only file that names the installed one. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { TraceStoreError } from '../errors.js';
import type { NativeModule } from './module.js';

/** For each addon that was loaded the one that does its work. */
const working = new Map<NativeModule, NativeModule>();

/**
 * The addon: the file named, else the one installed with the package. Where the process has loaded an equal one before,
 * from wherever, it is that one: two in one process would lose each other's commits.
 *
 * @throws `UNSUPPORTED`
 */
export function loadAddon(file: string | undefined): NativeModule {
  let addon: NativeModule;
  try {
    addon = file === undefined ? (require('../../native/binding.js') as NativeModule) : loadFile(resolve(file));
  } catch (cause) {
    throw new TraceStoreError('UNSUPPORTED', describeFailure(file), { cause });
  }
  const known = working.get(addon) ?? firstCopy(addon);
  working.set(addon, known);
  return known;
}

function loadFile(path: string): NativeModule {
  return createRequire(path)(path) as NativeModule;
}

/** One whose file is gone, or another by now, can't be found: the file's own guard refuses what would do harm then. */
function firstCopy(addon: NativeModule): NativeModule {
  try {
    const [own, ...earlier] = addon.addonFiles();
    const first = earlier.find((path) => own !== undefined && areEqual(own, path));
    return first === undefined ? addon : loadFile(first);
  } catch {
    return addon;
  }
}

function areEqual(one: string, other: string): boolean {
  return statSync(one).size === statSync(other).size && readFileSync(one).equals(readFileSync(other));
}

function describeFailure(file: string | undefined): string {
  const platform = `${process.platform}-${process.arch}, Node ${process.version}`;
  if (file !== undefined) {
    return `the native addon ${JSON.stringify(file)} can't be loaded on ${platform}: name a tracestore addon built for this platform, or unset nativeBinding and TRACESTORE_NATIVE_BINDING`;
  }
  return `the native addon for ${platform} is not installed: delete node_modules and the lock file and install again without --omit=optional, or name the addon's file with the option nativeBinding`;
}
