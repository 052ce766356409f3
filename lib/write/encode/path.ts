/** The objects that a walk is inside of, from the field down. */

/** So many are compared one by one, which is faster than looking them up. */
const FEW = 32;

export class Path {
  readonly #objects: object[] = [];
  /** Those below the first few. */
  readonly #deep = new Set<object>();

  get depth(): number {
    return this.#objects.length;
  }

  has(object: object): boolean {
    const objects = this.#objects;
    for (let i = Math.min(objects.length, FEW) - 1; i >= 0; i -= 1) if (objects[i] === object) return true;
    return objects.length > FEW && this.#deep.has(object);
  }

  push(object: object): void {
    if (this.#objects.push(object) > FEW) this.#deep.add(object);
  }

  pop(): void {
    const left = this.#objects.pop();
    if (left !== undefined && this.#objects.length >= FEW) this.#deep.delete(left);
  }

  clear(): void {
    if (this.#objects.length > 0) this.#objects.length = 0;
    if (this.#deep.size > 0) this.#deep.clear();
  }
}
