// A line plot as SVG, both axes logarithmic.
const WIDTH = 420;
const HEIGHT = 280;
const LEFT = 62;
const BOTTOM = 44;
const TOP = 34;

const short = (n) => (n >= 1e6 ? `${+(n / 1e6).toPrecision(2)} M` : n >= 1e3 ? `${+(n / 1e3).toPrecision(2)} k` : `${+n.toPrecision(2)}`);

function scale(values, from, to) {
  const low = Math.log10(Math.min(...values) / 1.3);
  const high = Math.log10(Math.max(...values) * 1.3);
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

/** One panel: `points` are [x, y] pairs; all values above 0. */
function panel({ title, x, y, points }, left) {
  const xs = points.map(([value]) => value);
  const ys = points.map(([, value]) => value);
  const toX = scale(xs, LEFT, WIDTH - 20);
  const toY = scale(ys, HEIGHT - BOTTOM, TOP);
  const at = points.map(([px, py]) => `${toX(px).toFixed(1)},${toY(py).toFixed(1)}`);
  const text = (tx, ty, words, more = "") => `<text x="${tx.toFixed(1)}" y="${ty.toFixed(1)}" ${more}>${words}</text>`;
  return [
    `<g transform="translate(${left} 0)">`,
    text(WIDTH / 2, 18, title, 'text-anchor="middle" font-weight="bold"'),
    `<path d="M${LEFT},${TOP} V${HEIGHT - BOTTOM} H${WIDTH - 20}" fill="none" stroke="#888"/>`,
    `<polyline points="${at.join(" ")}" fill="none" stroke="#2266aa" stroke-width="2"/>`,
    ...points.map(([px, py], i) => {
      const [cx, cy] = at[i].split(",").map(Number);
      return (
        `<circle cx="${cx}" cy="${cy}" r="3" fill="#2266aa"/>` +
        text(cx, cy - 8, short(py), 'text-anchor="middle" font-size="10"') +
        text(cx, HEIGHT - BOTTOM + 14, short(px), 'text-anchor="middle" font-size="10"')
      );
    }),
    text(WIDTH / 2, HEIGHT - 8, x, 'text-anchor="middle"'),
    text(0, 0, y, `text-anchor="middle" transform="translate(16 ${HEIGHT / 2}) rotate(-90)"`),
    "</g>",
  ].join("\n");
}

export function plot(panels) {
  const width = WIDTH * panels.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${panels.map((each, i) => panel(each, i * WIDTH)).join("\n")}
</svg>
`;
}
