// Draws the growth figures as one SVG: three panels over the number of spans, both axes of each in powers of ten.

const WIDTH = 900;
const HEIGHT = 300;
const MARGIN = { left: 58, right: 14, top: 44, bottom: 44 };
const COLOURS = { ours: '#0b6e4f', peer: '#b5541c' };

/** `panels`: `[title, key, scale]`; `series`: `{ name: { label, steps } }`. */
export function drawPlot(panels, series) {
  const width = WIDTH / panels.length;
  const body = panels.map((panel, i) => drawPanel(panel, series, i * width, width)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11" fill="#333">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${body}
${legend(series)}
</svg>
`;
}

function drawPanel([title, key, scale], series, left, width) {
  const points = Object.entries(series).map(([name, { steps }]) => [
    name,
    steps.map((step) => [step.spans, step[key] / scale]),
  ]);
  const all = points.flatMap(([, list]) => list);
  const x = axis(
    all.map(([spans]) => spans),
    left + MARGIN.left,
    left + width - MARGIN.right,
  );
  const y = axis(
    all.map(([, value]) => value),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const lines = points.map(([name, list]) => {
    const path = list.map(([spans, value]) => `${x.at(spans)},${y.at(value)}`);
    const dots = path.map((point) => {
      const [cx, cy] = point.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${COLOURS[name]}"/>`;
    });
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${COLOURS[name]}" stroke-width="1.8"/>${dots.join('')}`;
  });
  const middle = (x.from + x.to) / 2;
  return [
    `<text x="${middle}" y="${MARGIN.top - 12}" text-anchor="middle" font-size="12">${title}</text>`,
    ...x.ticks.map((tick) => mark(x.at(tick), y.from, x.at(tick), y.to, x.at(tick), y.from + 15, tick)),
    ...y.ticks.map((tick) => mark(x.from, y.at(tick), x.to, y.at(tick), x.from - 22, y.at(tick) + 4, tick)),
    `<text x="${middle}" y="${HEIGHT - 10}" text-anchor="middle">spans</text>`,
    ...lines,
  ].join('\n');
}

/** A logarithmic axis from the power of ten below the smallest value to the one above the largest. */
function axis(values, from, to) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const at = (value) => (from + ((Math.log10(value) - low) / (high - low)) * (to - from)).toFixed(1);
  return { from, to, at, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) };
}

function mark(x1, y1, x2, y2, textX, textY, value) {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/><text x="${textX}" y="${textY}" text-anchor="middle">${short(value)}</text>`;
}

function short(value) {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(value);
}

function legend(series) {
  return Object.entries(series)
    .map(([name, { label }], i) => {
      const x = MARGIN.left + i * 130;
      return `<rect x="${x}" y="8" width="10" height="10" fill="${COLOURS[name]}"/><text x="${x + 15}" y="17">${label}</text>`;
    })
    .join('');
}
