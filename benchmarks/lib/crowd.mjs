// Many sessions at once, and one session beside a flood.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { rss, tree } from "./processes.mjs";
import { quantile } from "./report.mjs";
import { environment, stop } from "./round.mjs";

async function withRunner(variant, server, directories, sessions, use) {
  mkdirSync(directories.work, { recursive: true });
  const log = openSync(join(directories.work, `${variant.name.replace(/\W+/g, "-")}.log`), "a");
  const child = spawn(variant.command, variant.args, {
    cwd: directories.work,
    env: { ...environment(server, directories), ...variant.environment, MAX_CONCURRENT_SESSIONS: String(sessions) },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const exited = once(child, "exit");
  try {
    await server.expect("registered", 30_000);
    await sleep(1_500);
    return await use(child);
  } finally {
    await stop(child, exited);
    server.forget();
  }
}

/** Starts that many sessions at once: how long until each one's first line, and what each costs the runner in memory. */
export function crowd(variant, server, directories, sessions) {
  return withRunner(variant, server, { ...directories, agent: directories.smallAgent }, sessions, async (child) => {
    const runner = tree(child.pid);
    const before = rss(runner);
    server.order({ order: "crowd", sessions, directory: directories.work });
    const { firstLines } = await server.expect("crowd", 300_000);
    await sleep(1_000);
    return { firstLineP99: quantile(firstLines, 0.99), sessionMb: (rss(runner) - before) / sessions };
  });
}

/** One session's lines, some milliseconds apart, while another session prints as fast as its lines are taken. */
export function besideFlood(variant, server, directories, size) {
  return withRunner(variant, server, directories, 2, async () => {
    const [quiet, loud] = ["quiet", "loud"].map((name) => `${name}-0000-4000-8000-000000000000`);
    for (const sessionId of [quiet, loud]) {
      server.emit("session:start", { sessionId, agentType: "claude", workingDirectory: directories.work });
      await server.expect("session:started", 30_000);
      server.emit("message:send", { sessionId, message: "hello" });
      await server.expect("result", 30_000);
    }
    server.order({ order: "reset" });
    server.emit("message:send", { sessionId: loud, message: `burst ${size.burst} ${size.lineBytes}` });
    server.emit("message:send", { sessionId: quiet, message: `tick ${size.ticks} ${size.tickMs}` });
    await server.expect("result", 120_000);
    await server.expect("result", 120_000);
    return (await server.stats()).latencies;
  });
}
