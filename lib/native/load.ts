/** Loads the native addon, and says what to do when it is not there; the only file that names the installed one. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { TraceStoreError } from '../errors.js';
import type { NativeModule } from './module.js';

/**
 * The addon: the file named, else the one installed with the package.
 *
 * @throws `UNSUPPORTED`
 */
export function loadAddon(file: string | undefined): NativeModule {
  try {
    if (file === undefined) return require('../../native/binding.js') as NativeModule;
    const path = resolve(file);
    return createRequire(path)(path) as NativeModule;
  } catch (cause) {
    throw new TraceStoreError('UNSUPPORTED', describeFailure(file), { cause });
  }
}

function describeFailure(file: string | undefined): string {
  const platform = `${process.platform}-${process.arch}, Node ${process.version}`;
  if (file !== undefined) {
    return `the native addon ${JSON.stringify(file)} can't be loaded on ${platform}: name a tracestore addon built for this platform, or unset nativeBinding and TRACESTORE_NATIVE_BINDING`;
  }
  return `the native addon for ${platform} is not installed: delete node_modules and the lock file and install again without --omit=optional, or name the addon's file with the option nativeBinding`;
}
