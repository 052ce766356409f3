/** Config snapshots in plain objects: the first of each id stays. */
import type { ConfigSnapshot } from 'tracestore';

export class SnapshotModel {
  readonly #snapshots = new Map<string, ConfigSnapshot>();

  get size(): number {
    return this.#snapshots.size;
  }

  ensure(snapshot: ConfigSnapshot): void {
    if (!this.#snapshots.has(snapshot.snapshotId)) this.#snapshots.set(snapshot.snapshotId, { ...snapshot });
  }

  get(snapshotId: string): unknown {
    return this.#snapshots.get(snapshotId) ?? null;
  }
}
