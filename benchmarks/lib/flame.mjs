// Where the CPU time of a start goes, from the exec to the registration: samples of perf, drawn as a flame that hangs down.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tree } from "./processes.mjs";
import { environment, stop } from "./round.mjs";

const HERTZ = 4999;
const SECONDS = 2;
const WIDTH = 1100;
const ROW = 22;
const LEAST = 0.004; // of all: what is less is not drawn by itself

const THREADS = [
  [/^(vibe-runner|sh(\.\d+)?|install|rm|cksum)$/, "launcher"],
  [/^java$/, "main thread: JVM's start, then wiring"],
  [/^C1 Compiler/, "first compiler"],
  [/^(OkHttp|socketio|early-transport|EventThread|registration)/, "connecting, registering"],
];

function where(dso, symbol) {
  if (/kernel|\[k\]/.test(dso)) return /fault|clear_page|set_pte|set_pmd|filemap_map|zap_/.test(symbol) ? "kernel: pages" : "kernel: other";
  if (/libjvm/.test(dso)) return "libjvm";
  if (/Interpreter|StubRoutines|vtable|MethodHandle/.test(symbol)) return "Java, interpreted";
  if (/perf-|JIT|anon|unknown/.test(dso)) return "Java, compiled";
  return "libc, ld.so, others";
}

/** Samples as [thread, where, symbol]. */
function samples(data, runner, from, to) {
  const script = execFileSync("perf", ["script", "-i", data, "-F", "comm,pid,time,ip,sym,dso"], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const found = [];
  for (const line of script.split("\n")) {
    const match = /^\s*(.+?)\s+(\d+)\s+([\d.]+):\s+[0-9a-f]+\s+(.*)\s+\((.*)\)$/.exec(line);
    if (!match) continue;
    const [, comm, pid, time, symbol, dso] = match;
    const ours = runner.has(Number(pid)) || /^(install|rm|cksum)$/.test(comm);
    if (!ours || Number(time) < from || Number(time) > to) continue;
    const thread = THREADS.find(([pattern]) => pattern.test(comm))?.[1] ?? "the JVM's other threads";
    found.push([thread, where(dso, symbol), symbol.replace(/\(.*/, "").replace(/^.* /, "")]);
  }
  return found;
}

function grow(all) {
  const root = { name: "CPU time up to the registration", count: 0, children: new Map() };
  for (const path of all) {
    root.count++;
    let node = root;
    for (const name of path) {
      if (!node.children.has(name)) node.children.set(name, { name, count: 0, children: new Map() });
      node = node.children.get(name);
      node.count++;
    }
  }
  return root;
}

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const byCount = (node) => [...node.children.values()].sort((a, b) => b.count - a.count);

function draw(root, milliseconds) {
  const colours = ["#d9d9d9", "#fdd0a2", "#fdae6b", "#fee6ce"];
  const shapes = [];
  const box = (node, left, depth) => {
    const width = (WIDTH * node.count) / root.count;
    if (node.count < LEAST * root.count) return;
    const label = `${node.name} ${((100 * node.count) / root.count).toFixed(1)} %`;
    const room = Math.floor(width / 6.2);
    const shown = label.length <= room ? label : room > 4 ? `${label.slice(0, room - 1)}…` : "";
    shapes.push(
      `<g><title>${escape(label)}, ${((node.count / root.count) * milliseconds).toFixed(0)} ms</title>` +
        `<rect x="${left.toFixed(1)}" y="${depth * ROW}" width="${Math.max(0.5, width - 0.6).toFixed(1)}" height="${ROW - 1}" fill="${colours[depth]}"/>` +
        (shown ? `<text x="${(left + 3).toFixed(1)}" y="${depth * ROW + 15}">${escape(shown)}</text>` : "") +
        "</g>",
    );
    let at = left;
    for (const child of byCount(node)) {
      box(child, at, depth + 1);
      at += (WIDTH * child.count) / root.count;
    }
  };
  box(root, 0, 0);
  const height = 4 * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n${shapes.join("\n")}\n</svg>\n`;
}

async function started(variant, server, directories, data) {
  mkdirSync(directories.work, { recursive: true });
  const log = openSync(join(directories.work, "flame.log"), "a");
  const perf =
    data && spawn("perf", ["record", "-k", "mono", "-e", "cpu-clock", "-F", HERTZ, "-a", "-o", data, "sleep", SECONDS], { stdio: "ignore" });
  if (perf) await sleep(500);
  const from = Number(process.hrtime.bigint()) / 1e9;
  const env = { ...environment(server, directories), VIBE_RUNNER_JAVA_OPTS: "-XX:+DumpPerfMapAtExit" };
  const child = spawn(variant.command, [], { cwd: directories.work, env, stdio: ["ignore", log, log] });
  closeSync(log);
  const exited = once(child, "exit");
  try {
    const to = Number((await server.expect("registered", 30_000)).ns) / 1e9;
    const runner = new Set(tree(child.pid).map((process) => process.pid));
    if (perf) await once(perf, "exit");
    return { from, to, runner };
  } finally {
    await stop(child, exited);
    server.forget();
  }
}

/** Returns the drawing; says the larger parts. */
export async function flame(variant, server, directories, say) {
  const data = join(directories.work, "start.perf");
  await started(variant, server, directories);
  const all = [];
  for (let i = 0; i < 5; i++) {
    const { from, to, runner } = await started(variant, server, directories, data);
    all.push(...samples(data, runner, from, to));
  }
  const root = grow(all);
  const milliseconds = (root.count * 1000) / HERTZ / 5;
  say(`${milliseconds.toFixed(0)} ms of CPU up to the registration, mean of 5 starts`);
  for (const thread of byCount(root)) {
    say(`${((100 * thread.count) / root.count).toFixed(0)} % ${thread.name}: ${byCount(thread).map((part) => `${part.name} ${((100 * part.count) / root.count).toFixed(0)} %`).join(", ")}`);
  }
  return draw(root, milliseconds);
}
