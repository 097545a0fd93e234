// The physical reference: one WebSocket, frames made beforehand, nothing read from an agent, checked, kept or confirmed.
// Usage: node bare-sender.mjs URL LINES BYTES [TICK_MS]. Says "ready", then waits for a line on stdin before it sends: all at once, or
// with TICK_MS one line each so many milliseconds, with the time of its sending in it, as the fake agent's ticks.
import { createRequire } from "node:module";

const WebSocket = createRequire(createRequire(import.meta.url).resolve("engine.io"))("ws");
const [url, lines, bytes, tickMs] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const MAX_BUFFERED = 1 << 20;
const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/updates/?EIO=4&transport=websocket`, { perMessageDeflate: false });

function frame(i) {
  const head = `42["message:from-claude",{"sessionId":"bare","message":{"type":"assistant","i":${i},"text":"`;
  const tail = `"},"type":"stdout","seq":${i}}]`;
  return head + "x".repeat(Math.max(0, bytes - head.length - tail.length)) + tail;
}

const END = '42["message:from-claude",{"sessionId":"bare","message":{"type":"result","result":"done"}}]';

function tick() {
  let i = 0;
  const timer = setInterval(() => {
    socket.send(`42["message:from-claude",{"sessionId":"bare","message":{"type":"tick","i":${i},"ns":"${process.hrtime.bigint()}"}}]`);
    if (++i < lines) return;
    clearInterval(timer);
    socket.send(END);
  }, tickMs);
}

function send(from) {
  let i = from;
  for (; i < lines && socket.bufferedAmount < MAX_BUFFERED; i++) socket.send(frame(i));
  if (i < lines) setImmediate(send, i);
  else socket.send(END);
}

socket.on("message", (data) => {
  const text = data.toString();
  if (text.startsWith("0")) socket.send("40");
  else if (text.startsWith("40")) console.log("ready");
  else if (text === "2") socket.send("3");
});
process.stdin.once("data", () => (tickMs ? tick() : send(0)));
