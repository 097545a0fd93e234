// What Linux says about a process and those it started, without any of a given branch.
import { readFileSync, readdirSync } from "node:fs";
import { execFileSync } from "node:child_process";

const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

function stat(pid, directory = `/proc/${pid}`) {
  try {
    const text = readFileSync(`${directory}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { pid, name, parent: Number(fields[1]), cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS };
  } catch {
    return undefined;
  }
}

function memory(pid, field) {
  try {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return found ? Number(found[1]) / 1024 : 0;
  } catch {
    return 0;
  }
}

/** The tree below and with `root`, without the branch `except`. */
export function tree(root, except) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => stat(Number(name)));
  const children = Map.groupBy
    ? Map.groupBy(all.filter(Boolean), (p) => p.parent)
    : all.filter(Boolean).reduce((map, p) => map.set(p.parent, [...(map.get(p.parent) ?? []), p]), new Map());
  const found = [];
  const visit = (process) => {
    if (!process || process.pid === except) return;
    found.push(process);
    (children.get(process.pid) ?? []).forEach(visit);
  };
  visit(stat(root));
  return found;
}

/** One process as it is now. */
export const process = (pid) => stat(pid) ?? { pid, cpuMs: 0 };

/** Adds a process's processor time, in milliseconds, by the name of its threads (`#` for numbers), to a map. */
export function cpuByThread(pid, sum = new Map()) {
  let threads = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return sum; // it has ended
  }
  for (const thread of threads) {
    const found = stat(thread, `/proc/${pid}/task/${thread}`);
    if (!found) continue;
    const name = found.name.replace(/\d+/g, "#");
    sum.set(name, (sum.get(name) ?? 0) + found.cpuMs);
  }
  return sum;
}

/** Megabytes (2^20) of memory held now, summed. */
export const rss = (processes) => processes.reduce((sum, p) => sum + memory(p.pid, "VmRSS"), 0);

/** Megabytes (2^20) of memory held at most so far, each process's own peak, summed. */
export const peakRss = (processes) => processes.reduce((sum, p) => sum + memory(p.pid, "VmHWM"), 0);

/** Milliseconds of processor time spent so far, summed. */
export const cpu = (processes) => processes.reduce((sum, p) => sum + p.cpuMs, 0);
