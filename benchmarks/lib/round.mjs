// One round of one runner: start it, look at it idle, let its agent tick, let its agent flood, stop it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpu, peakRss, rss, tree } from "./processes.mjs";

export const SESSION = "11111111-2222-4333-8444-555555555555";

/** The bare sender's burst: lines a second at the server. */
export async function bareBurst(script, server, size) {
  const { stats, begin } = await bare(script, server, [size.burst, size.lineBytes]);
  return stats.lines / (Number(BigInt(stats.lastNs) - begin) / 1e9);
}

/** The bare sender's lines, some milliseconds apart: how long each took, which is the way from a process to the server's handler alone. */
export async function bareTicks(script, server, size) {
  const { stats } = await bare(script, server, [size.ticks, size.lineBytes, size.tickMs]);
  return stats.latencies;
}

async function bare(script, server, sizes) {
  const child = spawn(process.execPath, [script, `http://127.0.0.1:${server.port}`, ...sizes], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  try {
    await once(child.stdout, "data");
    server.order({ order: "reset" });
    const begin = process.hrtime.bigint();
    child.stdin.write("go\n");
    await server.expect("result", 180_000);
    return { stats: await server.stats(), begin };
  } finally {
    child.kill("SIGKILL");
    await exited;
  }
}

/** Throws when the runner does not do what every runner must: register, start the session, take the commands. */
export function round(variant, server, directories, size) {
  return withRunner(variant, server, directories, {}, async (child, startMs) => {
    if (size.burst === 0) return { startMs };
    await sleep(size.idleMs);
    const idleMb = rss(tree(child.pid));
    const processes = tree(child.pid).length;
    const agent = await begin(server, directories);

    server.order({ order: "reset" });
    say(server, `tick ${size.ticks} ${size.tickMs}`);
    await server.expect("result", 30_000 + size.ticks * size.tickMs * 2);
    const { latencies } = await server.stats();

    server.order({ order: "reset" });
    const cpuBefore = cpu(tree(child.pid, agent));
    const burstNs = process.hrtime.bigint();
    say(server, `burst ${size.burst} ${size.lineBytes}`);
    const complete = await server.expect("result", 180_000).then(
      () => true,
      () => false,
    );
    const stats = await server.stats();
    const runner = tree(child.pid, agent);
    const seconds = Number(BigInt(stats.lastNs) - burstNs) / 1e9;

    server.emit("session:stop", { sessionId: SESSION });
    if (complete) await server.expect("session:ended", 30_000);
    return {
      startMs,
      idleMb,
      processes,
      latencies,
      linesPerSecond: stats.lines / seconds,
      cpuUsPerLine: ((cpu(runner) - cpuBefore) * 1000) / size.burst,
      peakMb: peakRss(runner),
      lost: size.burst - stats.lines,
      repeated: stats.repeated,
      disordered: stats.disordered,
    };
  });
}

/** Says something to the session that {@link begin} started. */
export const say = (server, message) => server.emit("message:send", { sessionId: SESSION, message });

/** Starts the session and has its first turn; the agent's pid. */
export async function begin(server, directories) {
  server.emit("session:start", { sessionId: SESSION, agentType: "claude", workingDirectory: directories.work });
  await server.expect("session:started", 30_000);
  say(server, "hello");
  const agent = (await server.expect("agent", 30_000)).pid;
  await server.expect("result", 30_000);
  return agent;
}

/** Runs a runner for as long as it is used; `use` gets the process and how many ms its registration took. */
export async function withRunner(variant, server, directories, settings, use) {
  mkdirSync(directories.work, { recursive: true });
  const log = openSync(join(directories.work, `${variant.name.replace(/\W+/g, "-")}.log`), "a");
  const startedNs = process.hrtime.bigint();
  const child = spawn(variant.command, variant.args, {
    cwd: directories.work,
    env: { ...environment(server, directories), ...variant.environment, ...settings },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const exited = once(child, "exit");
  try {
    const registered = await server.expect("registered", 30_000);
    return await use(child, Number(BigInt(registered.ns) - startedNs) / 1e6);
  } finally {
    await stop(child, exited);
    server.forget();
  }
}

export function environment(server, { agent, work }) {
  return {
    PATH: agent + delimiter + process.env.PATH,
    HOME: work,
    LANG: process.env.LANG ?? "C.UTF-8",
    VIBE_SERVER_URL: `http://127.0.0.1:${server.port}`,
    VIBE_AUTH_TOKEN: "benchmark-token",
    VIBE_ENDPOINT_ID: "e2b-benchmark",
  };
}

export async function stop(child, exited) {
  child.kill("SIGTERM");
  const timer = setTimeout(() => tree(child.pid).reverse().forEach((p) => process.kill(p.pid, "SIGKILL")), 20_000);
  await exited;
  clearTimeout(timer);
}
