// What a standby would save: the time from the exec of a launcher to the registration, of a cold start and of a process that waits.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { rss, tree } from "./processes.mjs";
import { cell, median } from "./report.mjs";
import { environment, round } from "./round.mjs";

const ROUNDS = 10;

/** The launcher's class path, whose order the ahead-of-time cache wants, and the trial behind it. */
function classPath(home, classes) {
  const jars = readdirSync(join(home, "lib")).filter((name) => name.endsWith(".jar")).sort();
  const own = jars.filter((name) => name.startsWith("vibe-runner-bootstrap-"));
  const path = [...own, ...jars.filter((name) => !own.includes(name))].map((name) => join(home, "lib", name));
  return [...path, classes].join(":");
}

export async function standby(variant, server, directories, classes, log) {
  const home = dirname(dirname(variant.command));
  const pipe = join(directories.work, "standby.pipe");
  execFileSync("mkfifo", ["-m", "600", pipe]);
  const given = environment(server, directories);
  const { VIBE_AUTH_TOKEN: _, ...waiting } = given;
  const file = openSync(join(directories.work, "standby.log"), "a");
  const child = spawn(variant.command, [], {
    cwd: directories.work,
    env: {
      ...waiting,
      VIBE_SUPERVISE: "false",
      VIBE_RUNNER_JAVA_OPTS: `-cp ${classPath(home, classes)} dev.vibe.runner.benchmarks.StandbyTrial ${pipe}`,
    },
    stdio: ["ignore", "pipe", file],
  });
  closeSync(file);
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the trial ended; see ${directories.work}/standby.log`);
      if (value === "waiting") return;
    }
  };
  const cold = [];
  const handed = [];
  try {
    await ready();
    const waitingMb = rss(tree(child.pid));
    for (let i = 0; i < ROUNDS; i++) {
      cold.push((await round(variant, server, directories, { burst: 0 })).startMs);
      server.forget();
      const begin = process.hrtime.bigint();
      spawn("/bin/sh", ["-c", 'exec env -0 >"$0"', pipe], { env: given, stdio: "ignore" });
      const { ns } = await server.expect("registered", 30_000);
      handed.push(Number(BigInt(ns) - begin) / 1e6);
      child.kill("SIGTERM");
      await ready();
      server.forget();
    }
    const first = handed.shift();
    log(`Cold: ${cell(cold, 0)} ms from exec to registration.`);
    log(`Handed to a process that waits: ${first.toFixed(0)} ms the first time, ${cell(handed, 0)} ms once it has done it before.`);
    log(`Saved: ${(median(cold) - first).toFixed(0)} to ${(median(cold) - median(handed)).toFixed(0)} ms. Waiting, before the first: ${waitingMb.toFixed(0)} MB.`);
    writeFileSync(pipe, "");
    await exited;
  } finally {
    child.kill("SIGKILL");
  }
}
