/** `info()`: what native code knows of the file and its engine, and what this instance knows of itself. */
import type { StoreInfo } from '../index.js';
import type { Core } from './core.js';
import type { Failures } from './failures.js';
import type { Settings } from './settings.js';

/** As native code answers it; its `failedWrites` counts those of every instance, ours only this one's. */
interface NativeInfo extends Omit<StoreInfo, 'enabled' | 'lastError'> {
  lastError: (Omit<NonNullable<StoreInfo['lastError']>, 'at'> & { at: number }) | null;
}

export async function storeInfo(core: Core): Promise<StoreInfo> {
  const answer = await core.ask<{ info: NativeInfo }>('info', () => ({ query: 'info' }));
  if (answer === undefined) return switchedOff(core.settings);
  const [part] = [...answer] as [{ info: NativeInfo }];
  return withOwn(part.info, core.failures);
}

function withOwn(native: NativeInfo, failures: Failures): StoreInfo {
  const { path, readonly, lastError, ...rest } = native;
  const engineError = lastError && { ...lastError, at: new Date(lastError.at) };
  return {
    path,
    enabled: true,
    readonly,
    ...rest,
    failedWrites: failures.count,
    lastError: laterOf(failures.last, engineError),
  };
}

/** Of a store that is switched off. */
function switchedOff(settings: Settings): StoreInfo {
  return {
    path: settings.path,
    enabled: false,
    readonly: settings.readonly,
    fileBytes: 0,
    walBytes: 0,
    counts: { traces: 0, spans: 0, sessions: 0, configSnapshots: 0 },
    schemaVersion: 0,
    queuedOperations: 0,
    queuedBytes: 0,
    droppedWrites: 0,
    failedWrites: 0,
    defects: 0,
    lastError: null,
    chore: null,
    walBlocked: false,
    bytesIn: 0,
    bytesStored: 0,
  };
}

type LastError = StoreInfo['lastError'];

function laterOf(one: LastError, other: LastError): LastError {
  if (one === null || other === null) return one ?? other;
  return one.at >= other.at ? one : other;
}
