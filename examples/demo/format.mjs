// Makes text for the terminal: colours, units and aligned tables.
import { stripVTControlCharacters } from 'node:util';

const COLOUR = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const style = (open, close) => (text) => (COLOUR ? `\x1b[${open}m${text}\x1b[${close}m` : String(text));

export const paint = {
  bold: style(1, 22),
  dim: style(2, 22),
  red: style(31, 39),
  green: style(32, 39),
  yellow: style(33, 39),
  blue: style(34, 39),
  magenta: style(35, 39),
  cyan: style(36, 39),
};

export const WIDTH = Math.max(80, Math.min(process.stdout.columns ?? 120, 140));

export function heading(text, note = '') {
  console.log(`\n${paint.bold(text)}  ${paint.dim(note)}`.trimEnd());
}

/** Prints rows under dim titles. `columns`: `{ title, align?: 'right' }`; cells may carry colours. The last column is cut at the terminal's edge. */
export function table(columns, rows) {
  const last = columns.length - 1;
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => visible(row[i]))));
  const room = WIDTH - 2 - widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const line = (cells) =>
    cells
      .map((cell, i) => (i === last ? cut(cell, room) : pad(cell, widths[i], columns[i].align)))
      .join('  ')
      .trimEnd();
  console.log(`  ${paint.dim(line(columns.map(({ title }) => title)))}`);
  for (const row of rows) console.log(`  ${line(row)}`);
}

export function pad(text, width, align) {
  const fill = ' '.repeat(Math.max(0, width - visible(text)));
  return align === 'right' ? fill + text : text + fill;
}

/** One line of plain text, at most `width` characters; cells that carry colours are left as they are. */
export function cut(text, width) {
  const flat = String(text).replace(/\s+/g, ' ').trim();
  if (flat.includes('\x1b') || flat.length <= width) return flat;
  return `${flat.slice(0, Math.max(1, width - 1)).trimEnd()}…`;
}

export const number = (n) => n.toLocaleString('en-US');
export const count = (n, noun) => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
export const time = (date) => date.toISOString().slice(0, 16).replace('T', ' ');

export function bytes(n) {
  if (n < 1e6) return `${(n / 1e3).toFixed(0)} KB`;
  return `${(n / 1e6).toFixed(2)} MB`;
}

export function duration(ms) {
  if (ms === undefined) return '–';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} m ${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')} s`;
}

export function money(cost) {
  if (!cost) return '–';
  const sign = cost.currency === 'USD' ? '$' : `${cost.currency} `;
  return `${sign}${cost.total.toFixed(4)}`;
}

function visible(text) {
  return stripVTControlCharacters(String(text)).length;
}
