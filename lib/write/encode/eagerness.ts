/** Whether remembering pays: rises with what comes again, falls with what is remembered. */

const START = 64;
const MOST = 512;
const FOR_A_HIT = 8;

export class Eagerness {
  #score = START;

  /** Something remembered came again. */
  hit(): void {
    this.#score = Math.min(MOST, this.#score + FOR_A_HIT);
  }

  /** Something is remembered. */
  spend(): void {
    if (this.#score > 0) this.#score -= 1;
  }

  get isEager(): boolean {
    return this.#score > 0;
  }
}
