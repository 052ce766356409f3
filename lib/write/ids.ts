/** Ids that nobody gave: UUIDs of version 7, which sort by the millisecond of their making. */

/** All but the time is random, as in version 4, from which it is taken. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${globalThis.crypto.randomUUID().slice(15)}`;
}
