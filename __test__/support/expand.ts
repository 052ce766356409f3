/** Reads a stream of encoded calls as src/wire does, for tests of the encoder alone. */
import type { Encoded } from '../../lib/write/encode/encode.js';

export class Expander {
  definitions: string[] = [];

  /** The whole text; fails if its length is not the one that was announced. */
  expand({ text, beyond }: Encoded): string {
    const open: string[] = [''];
    const append = (piece: string): void => {
      open[open.length - 1] = `${open.at(-1) ?? ''}${piece}`;
    };
    // oxlint-disable-next-line no-control-regex -- the marks
    for (const [piece] of text.matchAll(/\u0001...|[\u0002-\u0004]|[^\u0001-\u0004]+/gs)) {
      if (piece === '\u0004') this.definitions = [];
      else if (piece === '\u0002') open.push('');
      else if (piece === '\u0003') {
        const definition = open.pop() ?? '';
        this.definitions.push(definition);
        append(definition);
      } else append(piece.startsWith('\u0001') ? this.#referredTo(piece) : piece);
    }
    const [whole = ''] = open;
    if (Buffer.byteLength(whole) !== Buffer.byteLength(text) + beyond)
      throw new Error('announced another length');
    return whole;
  }

  #referredTo(reference: string): string {
    let number = 0;
    for (const at of [1, 2, 3]) number = number * 64 + reference.charCodeAt(at) - 0x30;
    const definition = this.definitions[number];
    if (definition === undefined) throw new Error(`refers to ${number} of ${this.definitions.length}`);
    return definition;
  }
}
