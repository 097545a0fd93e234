// How the runner's cost grows with the length of lines and the number of sessions.
import { crowd } from "./crowd.mjs";
import { plot } from "./plot.mjs";
import { quantile } from "./report.mjs";
import { round } from "./round.mjs";

const LINE_BYTES = [100, 1_000, 2_000, 10_000, 100_000, 900_000];
const BURST_BYTES = 60_000_000;
const MOST_LINES = 60_000;
const SESSIONS = [1, 10, 100, 500];

/** Measures one runner; returns the plot, and the figures for people. */
export async function scale(variant, server, directories, say) {
  const perLine = [];
  for (const lineBytes of LINE_BYTES) {
    const burst = Math.min(MOST_LINES, Math.ceil(BURST_BYTES / lineBytes));
    const size = { idleMs: 500, ticks: 1, tickMs: 10, burst, lineBytes };
    const result = await round(variant, server, directories, size);
    server.forget();
    perLine.push([lineBytes, result.cpuUsPerLine]);
    say(`${lineBytes} bytes a line: ${result.cpuUsPerLine.toFixed(1)} us a line, ${result.linesPerSecond.toFixed(0)} lines/s, ${result.peakMb.toFixed(0)} MB at most, ${result.lost} lost`);
  }
  const starts = [];
  const memory = [];
  for (const sessions of SESSIONS) {
    const result = await crowd(variant, server, directories, sessions);
    const p99 = quantile(result.firstLines, 0.99);
    starts.push([sessions, p99]);
    memory.push([sessions, Math.max(0.01, result.sessionMb * sessions)]);
    say(`${sessions} sessions at once: first line p99 ${p99.toFixed(0)} ms, ${result.sessionMb.toFixed(2)} MB a session`);
  }
  return plot([
    { title: "CPU a line", x: "bytes a line", y: "µs", points: perLine },
    { title: "All sessions started at once: first line, p99", x: "sessions", y: "ms", points: starts },
    { title: "Memory they add", x: "sessions", y: "MB", points: memory },
  ]);
}
