// The options of parts that take so many copies of the data, and measure each contender in so many rounds.
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chosen } from './only.mjs';

/** As the command line says; `defaults` are `{ copies, rounds }`. */
export function roundOptions(contenders, defaults) {
  const { values } = parseArgs({
    options: {
      copies: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  return {
    copies: Number(values.copies ?? defaults.copies),
    rounds: Number(values.rounds ?? defaults.rounds),
    only: chosen(values.only, Object.keys(contenders)),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
