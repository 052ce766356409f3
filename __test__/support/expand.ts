/** Reads a stream of encoded calls as src/wire does, for tests of the encoder alone. */
import type { Encoded } from '../../lib/write/encode/encode.js';

export class Expander {
  definitions: string[] = [];

  /** The whole text; fails if its length is not the one that was announced. */
  expand({ text, beyond }: Encoded): string {
    let [whole, counted, at] = ['', 0, 0];
    const take = (json: string, bytes: number): void => {
      whole += json;
      counted += bytes;
    };
    const number = (digits: number): number => {
      let value = 0;
      for (const end = at + digits; at < end; at += 1) value = value * 64 + text.charCodeAt(at) - 0x30;
      return value;
    };
    const quoted = (raw: string): void => take(JSON.stringify(raw), Buffer.byteLength(raw) + 2);
    while (at < text.length) {
      const mark = text[at];
      if (mark === '\u0001') {
        at += 1;
        quoted(this.#definition(number(3)));
      } else if (mark === '\u0002' || mark === '\u0003') {
        at += 1;
        const length = number(5);
        const raw = text.slice(at, at + length);
        at += length;
        if (mark === '\u0002') this.definitions.push(raw);
        quoted(raw);
      } else if (mark === '\u0004') {
        this.definitions = [];
        at += 1;
      } else {
        // oxlint-disable-next-line no-control-regex -- the marks
        const [json = ''] = /[^\u0001-\u0004]+/y[Symbol.match](text.slice(at)) ?? [];
        take(json, Buffer.byteLength(json));
        at += json.length;
      }
    }
    if (counted !== Buffer.byteLength(text) + beyond) throw new Error('announced another length');
    return whole;
  }

  #definition(number: number): string {
    const definition = this.definitions[number];
    if (definition === undefined) throw new Error(`refers to ${number} of ${this.definitions.length}`);
    return definition;
  }
}
