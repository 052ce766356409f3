// Tables as text that reads well in a terminal and in Markdown, and the words for a goal.

/** Lines of a table; the first row holds the titles, the first column is text. */
export function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const pad = (cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [rows[0].map(pad), rule, ...rows.slice(1).map((row) => row.map(pad))].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
}

export function fixed(value, digits = 1) {
  return value === undefined || value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

export function ratio(value, base) {
  return base ? fixed(value / base, 2) : '–';
}

export function count(value) {
  return value.toLocaleString('en-US');
}

/** Whether a figure that must be at most (or, with `least`, at least) the goal is, or by how much not. */
export function verdict(measured, goal, { least = false } = {}) {
  if (least ? measured >= goal : measured <= goal) return 'reached';
  const missed = least ? 1 - measured / goal : measured / goal - 1;
  return `missed by ${(missed * 100).toFixed(0)} %`;
}

export function median(values) {
  return quantile(values, 0.5);
}

/** The median of every figure over rounds that have the same figures, those inside figures too. */
export function mediansOf(rounds) {
  return Object.fromEntries(
    Object.entries(rounds[0]).map(([key, value]) => {
      const all = rounds.map((round) => round[key]);
      return [key, value !== null && typeof value === 'object' ? mediansOf(all) : median(all)];
    }),
  );
}

export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  if (share === 0.5) return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
