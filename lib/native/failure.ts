/** Why the native addon can't be had, and what to do: by the error that came, or by what came in the addon's place. */
import { quote } from '../check/telling.js';

const EXTERNAL =
  "mark the package 'tracestore' as external (webpack: externals, esbuild, Vite and Rollup: external, Next.js: serverExternalPackages), or name the addon's file with the option nativeBinding";

/** Whether it says that there is no such file or package. */
export function isAbsent(error: unknown): boolean {
  return codeOf(error) === 'MODULE_NOT_FOUND' || codeOf(error) === 'ERR_MODULE_NOT_FOUND';
}

/** `file`: the one that was named; absent if the installed one was looked for. */
export function describeFailure(file: string | undefined, error: unknown): string {
  const addon = file === undefined ? 'the native addon' : `the native addon ${JSON.stringify(file)}`;
  const forbidden = whatForbids(error);
  if (forbidden !== undefined) return `${addon} must not be loaded: ${forbidden}`;
  if (file !== undefined)
    return `${addon} can't be loaded on ${here()}: name a tracestore addon built for this platform, or unset nativeBinding and TRACESTORE_NATIVE_BINDING`;
  if (isBundled()) return `${addon} is not in the bundle: a bundler can't take it along; ${EXTERNAL}`;
  if (isAbsent(error))
    return `${addon} for ${here()} is not installed: delete node_modules and the lock file and install again without --omit=optional, or name the addon's file with the option nativeBinding`;
  return `${addon} can't be loaded on ${here()} (${firstLine(error)}): install the package on this machine, with its C library, instead of copying node_modules; or name the addon's file with the option nativeBinding`;
}

/** What was found where the addon should be is none. */
export function describeForeign(file: string | undefined, found: unknown): string {
  const what = quote(found);
  if (file === undefined) return `a bundler put ${what} in the place of the native addon: ${EXTERNAL}`;
  return `${JSON.stringify(file)} is no native addon of tracestore, it gave ${what}: name the file that ends in .node itself. If a bundler put this in its place, ${EXTERNAL}`;
}

/** The flag that is missing, or in the way. */
function whatForbids(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === 'ERR_DLOPEN_DISABLED') {
    return 'permission' in process && process.permission !== undefined
      ? 'Node runs with --permission; add --allow-addons'
      : 'Node runs with --no-addons; start it without';
  }
  if (code === 'ERR_ACCESS_DENIED')
    return 'Node runs with --permission; add --allow-fs-read=* and --allow-addons';
  const flag = 'Deno' in globalThis ? /--allow-[a-z]+/.exec(firstLine(error))?.[0] : undefined;
  return flag === undefined ? undefined : `Deno runs without ${flag}; add it`;
}

/** Whether this module is no longer the file that it was published as. */
function isBundled(): boolean {
  return typeof __filename !== 'string' || !/[\\/]native[\\/]failure\.js$/.test(__filename);
}

function here(): string {
  return `${process.platform}-${process.arch}, Node ${process.version}`;
}

const LONGEST_LINE = 200;

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] as string).slice(0, LONGEST_LINE);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
