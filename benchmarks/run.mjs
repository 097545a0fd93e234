// Measures our runner beside a plain Node one, in one run, round by round in turn. See README.md.
import { buildSync } from "esbuild";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, release, totalmem } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "./lib/control.mjs";
import { besideFlood, crowd } from "./lib/crowd.mjs";
import { flame } from "./lib/flame.mjs";
import { cell, median, quantile, table } from "./lib/report.mjs";
import { bareBurst, bareTicks, round } from "./lib/round.mjs";
import { scale } from "./lib/scale.mjs";
import { standby } from "./lib/standby.mjs";
import { kinds, turns } from "./lib/turns.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "..");
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    scale: { type: "boolean", default: false },
    flame: { type: "boolean", default: false },
    standby: { type: "boolean", default: false },
    turns: { type: "string" },
    against: { type: "string", multiple: true, default: [] },
    "java-options": { type: "string", multiple: true, default: [] },
    rounds: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(
    "benchmarks/run [--quick] [--rounds N] [--write]\n  --write: put the result into docs/performance.md\n" +
      "  --against DIR: another distribution of the runner beside it; again for more\n" +
      "  --java-options='WORDS': our runner once more, with these options of Java (a file of compile-soon: -XX:CompileCommandFile=F)\n" +
      "benchmarks/run --scale\n  our runner alone, by length of lines and number of sessions, into docs/images/scale.svg\n" +
      "benchmarks/run --flame\n  where the CPU time of our start goes, into docs/images/start.svg; needs perf\n" +
      "benchmarks/run --turns KIND [--rounds N] [--against DIR]\n  one thing alone, the runners in turn: " +
      kinds.join(", ") +
      "; a burst with the processor time of server, agent and runner\n" +
      "benchmarks/run --standby\n  what a process that waits for its start would save; needs ./mvnw -DskipTests package",
  );
  process.exit(0);
}

const size = options.quick
  ? { rounds: 2, idleMs: 2000, ticks: 100, tickMs: 10, burst: 10_000, lineBytes: 2048, crowd: 20 }
  : { rounds: 5, idleMs: 5000, ticks: 500, tickMs: 10, burst: 60_000, lineBytes: 2048, crowd: 100 };
if (options.rounds) size.rounds = Number(options.rounds);

const directories = { agent: join(here, "fake-agent"), smallAgent: join(here, "small-agent"), work: join(here, "target", "run", "work") };
const distribution = join(root, "bootstrap/target/vibe-runner/bin/vibe-runner");
const versionOf = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;

function variants() {
  const source = join(here, "node-runner/runner.ts");
  const compiled = join(here, "target/run/node-runner.mjs");
  buildSync({ entryPoints: [source], outfile: compiled, format: "esm", platform: "node", logLevel: "error" });
  const found = [
    { name: "Node + tsx", command: join(here, "node_modules/.bin/tsx"), args: [source] },
    { name: "Node", command: process.execPath, args: [compiled] },
  ];
  if (existsSync(distribution)) found.push({ name: "vibe-runner", command: distribution, args: [] });
  else if (options.against.length === 0) console.log(`No distribution in ${distribution}: the Node runners are measured alone.\n`);
  for (const other of options.against) found.push({ name: basename(resolve(other)), command: join(resolve(other), "bin/vibe-runner"), args: [] });
  for (const words of options["java-options"])
    found.push({ name: words.slice(words.lastIndexOf("/") + 1), command: distribution, args: [], environment: { VIBE_RUNNER_JAVA_OPTS: words } });
  return found;
}

const load = loadavg()[0].toFixed(1);

function machine() {
  const lines = [
    `- machine: ${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release().split("-")[0]}, load ${load} before`,
    `- Node ${process.version}, socket.io ${versionOf("socket.io")}, tsx ${versionOf("tsx")}`,
  ];
  if (existsSync(distribution)) lines.push(`- ${execFileSync(distribution, ["--version"], { encoding: "utf8" }).trim()}`);
  lines.push(`- ${new Date().toISOString().slice(0, 10)}, \`benchmarks/run ${process.argv.slice(2).join(" ")}\``.replace(/ `$/, "`"));
  return lines.join("\n");
}

rmSync(join(here, "target/run"), { recursive: true, force: true });
mkdirSync(directories.work, { recursive: true });
const runners = variants();
const results = new Map(runners.map(({ name }) => [name, []]));
if (options.scale || options.flame) {
  const server = await startServer();
  const [measure, picture] = options.scale ? [scale, "scale.svg"] : [flame, "start.svg"];
  try {
    const svg = await measure(runners.at(-1), server, directories, console.log);
    writeFileSync(join(root, "docs/images", picture), svg);
  } finally {
    server.close();
  }
  process.exit(0);
}
if (options.turns) {
  if (!kinds.includes(options.turns)) {
    console.error(`--turns ${options.turns}: there is ${kinds.join(", ")}`);
    process.exit(64);
  }
  const server = await startServer();
  try {
    for (const variant of runners) await round(variant, server, directories, { burst: 0 });
    console.log(`\n${await turns(options.turns, runners, server, directories, size, console.error)}\n\nMedians of ${size.rounds} (smallest-largest).\n\n${machine()}`);
  } finally {
    server.close();
  }
  process.exit(0);
}
if (options.standby) {
  const server = await startServer();
  try {
    await round(runners.at(-1), server, directories, { burst: 0 });
    server.forget();
    await standby(runners.at(-1), server, directories, join(here, "target/classes"), console.log);
    console.log(`\n${machine()}`);
  } finally {
    server.close();
  }
  process.exit(0);
}
const bare = [];
const bareLatencies = [];
const server = await startServer();
try {
  // Not counted: brings everybody's files into the page cache.
  for (const variant of runners) {
    await round(variant, server, directories, { burst: 0 });
    server.forget();
  }
  for (let i = 0; i < size.rounds; i++) {
    bare.push(await bareBurst(join(here, "bare-sender.mjs"), server, size));
    server.forget();
    bareLatencies.push(await bareTicks(join(here, "bare-sender.mjs"), server, size));
    server.forget();
    for (const variant of runners) {
      const result = await round(variant, server, directories, size);
      server.forget();
      if (!options.quick || i === 0) {
        const ticks = Math.min(size.ticks, 200);
        result.besideFlood = await besideFlood(variant, server, directories, { ...size, ticks });
        result.crowd = await crowd(variant, server, directories, size.crowd);
      }
      results.get(variant.name).push(result);
      console.error(
        `round ${i + 1}/${size.rounds} ${variant.name}: ${result.startMs.toFixed(0)} ms to register, ` +
          `${result.idleMb.toFixed(0)} MB idle, ${result.linesPerSecond.toFixed(0)} lines/s, ${result.lost} lost`,
      );
    }
  }
} finally {
  server.close();
}

function bareLine() {
  const ours = results.get("vibe-runner");
  const rate = (name) => median(results.get(name).map((r) => r.linesPerSecond));
  const ratio =
    (ours ? `; vibe-runner reaches ${(rate("vibe-runner") / median(bare)).toFixed(2)} of it` : "") +
    `; it is ${(median(bare) / rate("Node + tsx")).toFixed(2)} times Node + tsx, as far as any runner could come if it and its agent cost nothing`;
  const [p50, p99] = [0.5, 0.99].map((q) => cell(bareLatencies.map((l) => quantile(l, q)), 2));
  return (
    `A bare WebSocket sender (\`ws\`, frames made beforehand, no agent, nothing checked or kept): ${cell(bare, 0)} lines/s${ratio}. ` +
    `When idle its lines, without agent, pipe and runner, take p50 ${p50} ms, p99 ${p99} ms to the server's handler.`
  );
}

const report = `${table([...results.keys()], results, size.crowd)}\n\n${bareLine()}\n\nMedians of ${size.rounds} rounds (smallest-largest). A burst is ${size.burst} lines of ${size.lineBytes} bytes.\n\n${machine()}\n`;
console.log(report);
writeFileSync(join(here, "target/run/results.json"), JSON.stringify(Object.fromEntries(results), null, 1));
if (options.write) {
  mkdirSync(join(root, "docs"), { recursive: true });
  const page = readFileSync(join(here, "performance.template.md"), "utf8");
  writeFileSync(join(root, "docs/performance.md"), page.replace("{{table}}", report.trimEnd()));
}
const lost = (results.get("vibe-runner") ?? []).reduce((sum, r) => sum + r.lost + r.disordered, 0);
if (lost > 0) {
  console.error(`vibe-runner lost or disordered ${lost} lines`);
  process.exitCode = 1;
}
