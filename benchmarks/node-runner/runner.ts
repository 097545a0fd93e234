// A runner as one writes it in an afternoon: socket.io-client, child_process, a line splitter, a plain emit for each
// line. It is what ours is compared with, so it is meant to be honest: nothing in it is slow on purpose, and it keeps
// no promise it does not need for the measured path.
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const url = process.env.VIBE_SERVER_URL;
const token = process.env.VIBE_AUTH_TOKEN;
if (!url || !token) {
  console.error("VIBE_SERVER_URL and VIBE_AUTH_TOKEN must be set");
  process.exit(1);
}
const endpointId = process.env.VIBE_ENDPOINT_ID ?? `e2b-${randomUUID()}`;
const maxSessions = Number(process.env.MAX_CONCURRENT_SESSIONS ?? "1");
const sessions = new Map<string, ChildProcess>();

const socket = io(url, {
  path: "/v1/updates",
  transports: ["websocket"],
  auth: { token, clientType: "cloud-endpoint" },
  reconnection: true,
});

interface StartSession {
  sessionId: string;
  agentType: string;
  workingDirectory?: string;
  initialMessage?: string;
}

function forward(sessionId: string, line: string, type: "stdout" | "stderr"): void {
  if (!line) return;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    message = { type: "text", content: line, source: type };
  }
  socket.emit("message:from-claude", { sessionId, message, type });
}

function splitLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => onLine(rest));
}

function say(child: ChildProcess, text: string): void {
  child.stdin?.write(JSON.stringify({ type: "user", message: { role: "user", content: text } }) + "\n");
}

function start({ sessionId, workingDirectory, initialMessage }: StartSession): void {
  if (sessions.has(sessionId)) return;
  if (sessions.size >= maxSessions) {
    socket.emit("session:error", { sessionId, error: "at capacity" });
    return;
  }
  const child = spawn(
    "claude",
    [
      "--print",
      "--input-format",
      "stream-json",
      "--output-format",
      "stream-json",
      "--verbose",
      "--dangerously-skip-permissions",
    ],
    {
      cwd: workingDirectory,
      env: { ...process.env, VIBE_SESSION_ID: sessionId, VIBE_ENDPOINT_ID: endpointId },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  sessions.set(sessionId, child);
  splitLines(child.stdout!, (line) => forward(sessionId, line, "stdout"));
  splitLines(child.stderr!, (line) => forward(sessionId, line, "stderr"));
  child.on("spawn", () => {
    socket.emit("session:started", { sessionId, endpointId });
    if (initialMessage) say(child, initialMessage);
  });
  child.on("error", (error) => {
    sessions.delete(sessionId);
    socket.emit("session:error", { sessionId, error: error.message });
  });
  child.on("close", (code) => {
    if (!sessions.delete(sessionId)) return;
    if (code === 0) socket.emit("session:ended", { sessionId, endpointId });
    else socket.emit("session:error", { sessionId, error: `exited with code ${code}` });
  });
}

socket.on("connect", () => {
  socket.emit("endpoint:register", {
    endpointId,
    type: "cloud-e2b",
    capabilities: { maxSessions, supportedAgents: ["claude", "codex"] },
    metadata: { platform: process.platform, arch: process.arch },
    authToken: token,
  });
});
socket.on("session:start", start);
socket.on("message:send", ({ sessionId, message }: { sessionId: string; message: string }) => {
  const child = sessions.get(sessionId);
  if (child) say(child, message);
});
socket.on("session:stop", ({ sessionId }: { sessionId: string }) => {
  sessions.get(sessionId)?.stdin?.end();
});
setInterval(() => socket.emit("endpoint:heartbeat", { endpointId }), 30_000);
process.on("SIGTERM", () => {
  socket.emit("endpoint:unregister", { endpointId });
  for (const child of sessions.values()) child.kill();
  socket.disconnect();
  process.exit(0);
});
