/**
 * How much the tables of all instances of this thread hold together, in characters.
 *
 * A process may have thousands of instances, most of them idle: when all hold too much, all let go.
 */

/** Who holds texts for later writes. */
export interface Holder {
  /** Lets go of them, unless a write is being encoded. */
  letGo(): void;
}

const MOST = 32 << 20;

let total = 0;
const holders = new Map<Share, WeakRef<Holder>>();

const collected = new FinalizationRegistry<Share>((share) => {
  share.add(-share.held);
  holders.delete(share);
});

/** What one holder has of it. */
export class Share {
  held = 0;

  constructor(holder: Holder) {
    holders.set(this, new WeakRef(holder));
    collected.register(holder, this);
  }

  add(characters: number): void {
    this.held += characters;
    total += characters;
  }
}

/** Before a write: makes room for what it may define. */
export function makeRoom(): void {
  if (total < MOST) return;
  for (const holder of holders.values()) holder.deref()?.letGo();
}
