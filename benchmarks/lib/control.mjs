// The harness's hand on the server process: orders out, awaited events in.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export async function startServer() {
  const child = fork(fileURLToPath(new URL("server.mjs", import.meta.url)));
  const waiting = [];
  let early = [];
  child.on("message", (message) => {
    const index = waiting.findIndex((w) => w.event === message.event || message.event === "session:error");
    if (index < 0) {
      early.push(message);
      return;
    }
    const [{ event, resolve, reject, timer }] = waiting.splice(index, 1);
    clearTimeout(timer);
    if (message.event === event) resolve(message);
    else reject(new Error(`session:error: ${message.error}`));
  });

  const server = {
    pid: child.pid,
    expect(event, timeoutMs) {
      const found = early.find((message) => message.event === event);
      if (found) {
        early = early.filter((message) => message !== found);
        return Promise.resolve(found);
      }
      return new Promise((resolve, reject) => {
        const entry = { event, resolve, reject };
        entry.timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(new Error(`no ${event} within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting.push(entry);
      });
    },
    order: (order) => child.send(order),
    emit: (name, payload) => child.send({ order: "emit", name, payload }),
    stats() {
      child.send({ order: "stats" });
      return server.expect("stats", 10_000);
    },
    /** Forgets what came and was not waited for; between rounds. */
    forget: () => (early = []),
    close: () => child.disconnect(),
  };
  server.port = (await server.expect("listening", 10_000)).port;
  return server;
}
