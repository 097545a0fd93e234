// One thing alone, many times, the runners in turn: what small changes are judged by. Prints each turn's figures and their medians.
import { setTimeout as sleep } from "node:timers/promises";
import { crowd } from "./crowd.mjs";
import { cpu, cpuByThread, process as processOf, tree } from "./processes.mjs";
import { cell, quantile } from "./report.mjs";
import { SESSION, begin, withRunner } from "./round.mjs";

/** A burst: where its processor time goes, by process, and by thread of the runner, in µs a line. */
async function burst(variant, server, directories, size) {
  return withRunner(variant, server, directories, {}, async (runner) => {
    const agent = await begin(server, directories);
    await sleep(size.idleMs);
    server.order({ order: "reset" });
    const threads = () => tree(runner.pid, agent).reduce((sum, p) => cpuByThread(p.pid, sum), new Map());
    const parts = () => ({ server: processOf(server.pid), agent: processOf(agent), runner: tree(runner.pid, agent) });
    const used = ({ server, agent, runner }) => [cpu([server]), cpu([agent]), cpu(runner)];
    const [before, threadsBefore, from] = [used(parts()), threads(), process.hrtime.bigint()];
    server.emit("message:send", { sessionId: SESSION, message: `burst ${size.burst} ${size.lineBytes}` });
    await server.expect("result", 180_000);
    const [after, threadsAfter, stats] = [used(parts()), threads(), await server.stats()];
    const perLine = (ms) => (ms * 1000) / size.burst;
    const [serverUs, agentUs, runnerUs] = after.map((ms, i) => perLine(ms - before[i]));
    const figures = { "lines/s": (stats.lines * 1e9) / Number(BigInt(stats.lastNs) - from), "server µs": serverUs, "agent µs": agentUs, "runner µs": runnerUs };
    for (const [name, ms] of threadsAfter) figures[`  ${name}`] = perLine(ms - (threadsBefore.get(name) ?? 0));
    return figures;
  });
}

/** Lines some milliseconds apart, with nothing else going on. */
async function ticks(variant, server, directories, size) {
  return withRunner(variant, server, directories, {}, async () => {
    await begin(server, directories);
    await sleep(size.idleMs);
    server.order({ order: "reset" });
    server.emit("message:send", { sessionId: SESSION, message: `tick ${size.ticks} ${size.tickMs}` });
    await server.expect("result", 30_000 + size.ticks * size.tickMs * 2);
    const { latencies } = await server.stats();
    return { "p50 ms": quantile(latencies, 0.5), "p90 ms": quantile(latencies, 0.9), "p99 ms": quantile(latencies, 0.99) };
  });
}

/** From exec to registration, and the processor time until then. */
async function start(variant, server, directories) {
  return withRunner(variant, server, directories, {}, async (runner, startMs) => ({ "registered ms": startMs, "processor ms": cpu(tree(runner.pid)) }));
}

/** Many sessions at once. */
async function crowds(variant, server, directories, size) {
  const { firstLines, sessionMb, cpuMs } = await crowd(variant, server, directories, size.crowd);
  return {
    "p50 ms": quantile(firstLines, 0.5),
    "p99 ms": quantile(firstLines, 0.99),
    "runner's processor ms": cpuMs,
    "MB a session": sessionMb,
  };
}

const WORTH_SHOWING = 0.1; // of any figure: the threads are many, and most do nothing
const KINDS = { burst, ticks, start, crowd: crowds };

/** What may be asked for. */
export const kinds = Object.keys(KINDS);

/** Measures; returns a Markdown table, a column a runner. */
export async function turns(kind, variants, server, directories, size, say) {
  const results = new Map(variants.map(({ name }) => [name, []]));
  for (let i = 0; i < size.rounds; i++) {
    for (const variant of variants) {
      const figures = await KINDS[kind](variant, server, directories, size);
      server.forget();
      results.get(variant.name).push(figures);
      say(`${i + 1}/${size.rounds} ${variant.name}: ${show(figures)}`);
    }
  }
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const all = [...results.values()].flat();
  const labels = [...new Set(all.flatMap(Object.keys))].filter((label) => all.some((figures) => figures[label] >= WORTH_SHOWING));
  const rows = labels.map((label) =>
    line([label, ...[...results.values()].map((turns) => column(turns.map((figures) => figures[label] ?? 0)))]),
  );
  return [line([kind, ...results.keys()]), line(["---", ...[...results.keys()].map(() => "---:")]), ...rows].join("\n");
}

const digits = (value) => (value >= 1000 ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2);
const column = (values) => cell(values, digits(Math.max(...values)));
const show = (figures) =>
  Object.entries(figures)
    .filter(([label]) => !label.startsWith(" "))
    .map(([label, value]) => `${label} ${value.toFixed(digits(value))}`)
    .join(", ");
