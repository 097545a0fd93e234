// The server all runners are measured against: a real Socket.IO server in a process of its own, told what to do over
// Node's IPC channel. Times are CLOCK_MONOTONIC in ns, the same clock in every process of a machine.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { path: "/v1/updates", transports: ["websocket"], pingInterval: 15000, pingTimeout: 45000 });
const now = () => process.hrtime.bigint();
const tell = (message) => process.send(message);

let runner;
let crowd;
let quiet = false; // from a crowd on until the next runner: nobody waits for its sessions one by one
let count = freshCount();

function freshCount() {
  return { lines: 0, repeated: 0, disordered: 0, seen: new Set(), last: -1, latencies: [], lastNs: 0n };
}

function onLine(message, at) {
  if (message.type === "assistant") {
    count.lastNs = at;
    if (count.seen.has(message.i)) count.repeated++;
    else {
      count.seen.add(message.i);
      count.lines++;
      if (message.i !== count.last + 1) count.disordered++;
      count.last = message.i;
    }
  } else if (message.type === "tick") {
    count.latencies.push(Number(at - BigInt(message.ns)) / 1e6);
  } else if (message.type === "pid") {
    tell({ event: "agent", pid: message.pid });
  } else if (message.type === "result") {
    tell({ event: "result", text: message.result });
  }
}

/** Starts many sessions at once and times the first line of each. */
function startCrowd({ sessions, directory }) {
  quiet = true;
  crowd = { sessions, waiting: new Map(), firstLines: [] };
  for (let i = 0; i < sessions; i++) {
    const sessionId = `crowd-${i}`;
    crowd.waiting.set(sessionId, now());
    runner.emit("session:start", { sessionId, agentType: "claude", workingDirectory: directory, initialMessage: "hello" });
  }
}

function firstLine(sessionId, at) {
  const begin = crowd.waiting.get(sessionId);
  if (begin === undefined) return;
  crowd.waiting.delete(sessionId);
  crowd.firstLines.push(Number(at - begin) / 1e6);
  if (crowd.firstLines.length === crowd.sessions) {
    tell({ event: "crowd", firstLines: crowd.firstLines });
    crowd = undefined;
  }
}

io.on("connection", (socket) => {
  socket.on("endpoint:register", ({ endpointId }) => {
    tell({ event: "registered", endpointId, ns: String(now()) });
    runner = socket;
    quiet = false;
    socket.emit("endpoint:registered", { endpointId });
  });
  socket.on("message:from-claude", ({ sessionId, message }) => {
    if (crowd) firstLine(sessionId, now());
    else onLine(message, now());
  });
  for (const name of ["session:started", "session:ended", "session:error"]) {
    socket.on(name, (payload) => {
      if (!quiet) tell({ event: name, error: payload.error });
    });
  }
  socket.on("disconnect", (reason) => tell({ event: "disconnect", reason }));
});

process.on("message", ({ order, ...rest }) => {
  if (order === "emit") runner.emit(rest.name, rest.payload);
  if (order === "crowd") startCrowd(rest);
  if (order === "reset") count = freshCount();
  if (order === "now") tell({ event: "now", ns: String(now()) });
  if (order === "stats") {
    const { seen, lastNs, ...stats } = count;
    tell({ event: "stats", ...stats, lastNs: String(lastNs) });
  }
});
process.on("disconnect", () => process.exit(0));

http.listen(0, "127.0.0.1", () => tell({ event: "listening", port: http.address().port }));
