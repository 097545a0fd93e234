// A vibe-server for one terminal: type to the agent, read what it says. For first tries, not for production.
//   node chat.mjs [port] [agentType]          e.g.  node chat.mjs 3005 claude
// Lines you type are messages; /interrupt ends the turn, /stop ends the session, /start AGENT starts another.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Server } from 'socket.io';

const port = Number(process.argv[2] ?? 3005);
let agentType = process.argv[3] ?? 'scripted';
const token = process.env.VIBE_AUTH_TOKEN ?? 'local';
const http = createServer();
const io = new Server(http, { path: '/v1/updates' });
let runner = null;
let session = null;
let sessions = 0;

const show = (text) => console.log(text);

function start(type) {
  agentType = type;
  session = `chat-${++sessions}`;
  show(`-- starting ${type} as session ${session}`);
  runner?.emit('session:start', { sessionId: session, agentType });
}

function read(message) {
  const blocks = message?.message?.content ?? [];
  if (message?.type === 'assistant' && Array.isArray(blocks)) {
    return blocks.map((b) => b.text ?? `[${b.type}] ${JSON.stringify(b.input ?? '')}`).join('\n');
  }
  if (message?.type === 'text') return message.content;
  if (message?.method === 'item/completed' && message.params.item.type === 'agentMessage') return message.params.item.text;
  return `   ${JSON.stringify(message).slice(0, 120)}`;
}

io.on('connection', (socket) => {
  socket.on('endpoint:register', (p) => {
    if (p.authToken !== token) return socket.emit('error', { message: 'Invalid auth token' });
    runner = socket;
    socket.emit('endpoint:registered', { endpointId: p.endpointId });
    show(`-- runner ${p.endpointId} offers: ${p.capabilities.supportedAgents.join(', ')}`);
    if (session === null) start(agentType);
  });
  socket.on('message:from-claude', (p) => show(read(p.message)));
  socket.on('session:started', (p) => show(`-- session ${p.sessionId} runs; type a message`));
  socket.on('session:ended', (p) => show(`-- session ${p.sessionId} ended (${p.reason}); /start ${agentType} starts another`));
  socket.on('session:error', (p) => show(`-- session ${p.sessionId} failed: ${p.error}`));
  socket.on('disconnect', () => show('-- runner gone'));
});

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line.startsWith('/start')) return start(line.split(/\s+/)[1] ?? agentType);
  if (runner === null || session === null) return show('-- no session yet');
  if (line === '/interrupt') return runner.emit('session:interrupt', { sessionId: session });
  if (line === '/stop') return runner.emit('session:stop', { sessionId: session });
  if (line.trim() !== '') runner.emit('message:send', { sessionId: session, message: line });
});

http.listen(port, '127.0.0.1', () => show(`-- waiting for a runner on http://127.0.0.1:${port}, token "${token}"`));
