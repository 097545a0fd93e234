// Medians, spread, and the Markdown they are shown in.

const sorted = (values) => [...values].sort((a, b) => a - b);

/** The value a share of the values lies at or below (nearest rank). */
export function quantile(values, share) {
  const ordered = sorted(values);
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)];
}

export const median = (values) => {
  const ordered = sorted(values);
  const middle = ordered.length >> 1;
  return ordered.length % 2 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
};

const MEASURES = [
  ["exec to `endpoint:register` at the server, ms", (r) => r.startMs, 0],
  ["idle RSS, MB, all processes kept running", (r) => r.idleMb, 1],
  ["processes kept running", (r) => r.processes, 0],
  ["latency of a line when idle, p50, ms", (r) => quantile(r.latencies, 0.5), 2],
  ["latency of a line when idle, p99, ms", (r) => quantile(r.latencies, 0.99), 2],
  ["burst, lines/s", (r) => r.linesPerSecond, 0],
  ["burst, CPU per line, µs", (r) => r.cpuUsPerLine, 1],
  ["burst, peak RSS, MB", (r) => r.peakMb, 1],
  ["a line's latency beside another session's flood, p99, ms", (r) => r.besideFlood && quantile(r.besideFlood, 0.99), 1],
  ["CROWD sessions started at once: first line, p99, ms", (r) => r.crowd && quantile(r.crowd.firstLines, 0.99), 0],
  ["CROWD sessions: memory a session, MB", (r) => r.crowd?.sessionMb, 2],
  ["burst, lines lost", (r) => r.lost, 0],
  ["burst, lines repeated", (r) => r.repeated, 0],
  ["burst, lines out of order", (r) => r.disordered, 0],
];

export function cell(values, digits) {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)].map((v) => v.toFixed(digits));
  return low === high ? middle : `${middle} (${low}-${high})`;
}

/** A table: a row a measure, a column a variant, and our runner against each other one as a ratio of medians. */
export function table(names, results, crowd) {
  const ours = "vibe-runner";
  const ratios = names.includes(ours) ? names.filter((name) => name !== ours) : [];
  const head = ["", ...names, ...ratios.map((name) => `${ours} / ${name}`)];
  const rows = MEASURES.map(([label, of, digits]) => {
    const columns = names.map((name) => results.get(name).map(of).filter((value) => value !== undefined));
    const medians = new Map(names.map((name, i) => [name, median(columns[i])]));
    const ratio = (name) => (medians.get(name) === 0 ? "-" : (medians.get(ours) / medians.get(name)).toFixed(2));
    return [label.replace("CROWD", crowd), ...columns.map((values) => cell(values, digits)), ...ratios.map(ratio)];
  });
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
