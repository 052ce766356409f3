/** Finds and loads the native addon; the only file that names the installed ones. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { TraceStoreError } from '../errors.js';
import { describeFailure, describeForeign, isAbsent } from './failure.js';
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
  let loaded: unknown;
  try {
    loaded = file === undefined ? requireInstalled() : requireFile(resolve(file));
  } catch (cause) {
    throw new TraceStoreError('UNSUPPORTED', describeFailure(file, cause), { cause });
  }
  if (!isAddon(loaded)) throw new TraceStoreError('UNSUPPORTED', describeForeign(file, loaded));
  const known = working.get(loaded) ?? firstCopy(loaded);
  working.set(loaded, known);
  return known;
}

/** By a `require` of its own, which no bundler takes for one of its. */
function requireFile(path: string): unknown {
  return createRequire(path)(path);
}

function isAddon(loaded: unknown): loaded is NativeModule {
  return typeof (loaded as Partial<NativeModule> | null | undefined)?.NativeStore === 'function';
}

function requireInstalled(): unknown {
  let failure: unknown;
  for (const target of targets()) {
    const tried = requireTarget(target);
    if ('addon' in tried) return tried.addon;
    // One that is there and can't be loaded says more than one that is not there.
    if (failure === undefined || isAbsent(failure)) failure = tried.error;
  }
  throw failure;
}

/** What may be installed here, the likeliest first. */
function targets(): string[] {
  const { platform, arch } = process;
  if (platform === 'win32') return [`${platform}-${arch}-msvc`];
  if (platform !== 'linux') return [`${platform}-${arch}`];
  const libraries = runsOnMusl() ? ['musl', 'gnu'] : ['gnu', 'musl'];
  return libraries.map((library) => `${platform}-${arch}-${library}`);
}

const FIRST_PAGE = 4096;

/** By the loader that the executable asks for, which stands near its beginning: a report of Node's takes much longer. */
function runsOnMusl(): boolean {
  try {
    const file = openSync(process.execPath, 'r');
    const start = Buffer.alloc(FIRST_PAGE);
    readSync(file, start);
    closeSync(file);
    return start.includes('/ld-musl-');
  } catch {
    return false; // may not be read: both are tried
  }
}

/**
 * The equal one that does the work of this one, because two can't share engines: each has locks and an SQLite of its own.
 *
 * One whose file is gone, or another by now, can't be found: the file's own guard refuses what would do harm then.
 */
function firstCopy(addon: NativeModule): NativeModule {
  try {
    const [own, ...earlier] = addon.addonFiles();
    const first = earlier.find((path) => own !== undefined && areEqual(own, path));
    return first === undefined ? addon : (requireFile(first) as NativeModule);
  } catch {
    return addon;
  }
}

function areEqual(one: string, other: string): boolean {
  return statSync(one).size === statSync(other).size && readFileSync(one).equals(readFileSync(other));
}

/** Each package by its full name and in `try`, for bundlers and tools that gather what a program needs. */
function requireTarget(target: string): { addon: unknown } | { error: unknown } {
  try {
    const built = join(__dirname, '..', '..', 'native', `tracestore.${target}.node`);
    if (existsSync(built)) return { addon: requireFile(built) };
    switch (target) {
      case 'linux-x64-gnu':
        return { addon: require('tracestore-linux-x64-gnu') };
      case 'linux-x64-musl':
        return { addon: require('tracestore-linux-x64-musl') };
      case 'linux-arm64-gnu':
        return { addon: require('tracestore-linux-arm64-gnu') };
      case 'linux-arm64-musl':
        return { addon: require('tracestore-linux-arm64-musl') };
      case 'darwin-x64':
        return { addon: require('tracestore-darwin-x64') };
      case 'darwin-arm64':
        return { addon: require('tracestore-darwin-arm64') };
      case 'win32-x64-msvc':
        return { addon: require('tracestore-win32-x64-msvc') };
      default:
        return { error: new Error(`there is none for ${target}`) };
    }
  } catch (error) {
    return { error };
  }
}
