// Many sessions at once, and one session beside a flood.
import { setTimeout as sleep } from "node:timers/promises";
import { cpu, process as processOf, rss, tree } from "./processes.mjs";
import { withRunner } from "./round.mjs";

const SETTLE_MS = 1_500;

/** Starts that many sessions at once: how long until each one's first line, and what each costs the runner in memory. */
export function crowd(variant, server, directories, sessions) {
  const settings = { MAX_CONCURRENT_SESSIONS: String(sessions) };
  return withRunner(variant, server, { ...directories, agent: directories.smallAgent }, settings, async (child) => {
    await sleep(SETTLE_MS);
    const runner = tree(child.pid);
    const before = rss(runner);
    server.order({ order: "crowd", sessions, directory: directories.work });
    const { firstLines } = await server.expect("crowd", 300_000);
    await sleep(1_000);
    return { firstLines, sessionMb: (rss(runner) - before) / sessions, cpuMs: cpu(runner.map(({ pid }) => processOf(pid))) - cpu(runner) };
  });
}

/** One session's lines, some milliseconds apart, while another session prints as fast as its lines are taken. */
export function besideFlood(variant, server, directories, size) {
  return withRunner(variant, server, directories, { MAX_CONCURRENT_SESSIONS: "2" }, async () => {
    await sleep(SETTLE_MS);
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
