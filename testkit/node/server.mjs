// A vibe-server on the real socket.io, and on plain WebSocket (docs/websocket-protocol.md), driven by a test: one JSON command a line on stdin, one JSON report a line on stdout.
// It ends with its stdin, so that no server survives its test.
//
// First line of stdin: the options, see DEFAULTS. Reports:
//   {"is":"listening","port":N}
//   {"is":"connected","socket":ID,"auth":{..}}           its handlers are attached at once, or at {"do":"attach"}
//   {"is":"attached","socket":ID}                        its handlers are there
//   {"is":"event","socket":ID,"name":..,"payload":..,"t":ms}
//   {"is":"disconnected","socket":ID,"reason":..}
//   {"is":"closed","socket":ID}                          its connection too
//   {"is":"hanging"}                                      from now on, for hang's ms
//   {"is":"counts","sessions":{ID:{count,last,gaps,repeats,..}}}    the answer to {"do":"counts"}, see count()
//   {"is":"done","do":..}                                 the answer to every command
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';

const DEFAULTS = {
  port: 0,
  path: '/v1/updates',
  websocketPath: '/v1/runner',
  resume: true, // over plain WebSocket: an answered registration says what is here of each session
  token: 'secret',
  pingInterval: 15000,
  pingTimeout: 45000,
  maxHttpBufferSize: 1e6,
  perMessageDeflate: false,
  late: false, // handlers are attached at {"do":"attach"} only
  rejectRegisters: 0, // the first N registers are answered with an error
  rejectBy: 'open', // ..and the connection is left open, or 'close'd
  refuse: null, // null, 'middleware' (connect_error), 'event' (error, then disconnect), 'http' (allowRequest says no: 400), 'http401', 'http502'
  refusal: 'Invalid authentication token', // the words of a refusal
  swallow: false, // CONNECT to a namespace that does not exist is not answered
  acks: true, // a callback is called where the runner asks for one
  quiet: false, // messages are counted and not reported one by one
  plainPings: 0, // over plain WebSocket: a ping every so many ms (over Socket.IO: pingInterval)
};

const state = {
  options: DEFAULTS,
  io: null,
  http: null,
  plain: null,
  sockets: new Map(),
  endpoints: new Map(),
  handlerless: [], // {came: Promise of its first event, attach()}
  pending: [],
  counts: new Map(),
  countWaits: [],
  pongWaits: [],
  acks: 0,
};
const began = process.hrtime.bigint();
const say = (report) => process.stdout.write(JSON.stringify(report) + '\n');

// What a session has said, told apart from what it has said again. On one connection each message must be the one after the
// one before; a new connection may begin anywhere that leaves no hole.
function count(payload, socket) {
  const id = String(payload?.sessionId);
  const of = counted(id);
  const seq = payload.seq;
  const text = typeof payload.message === 'string' ? payload.message : JSON.stringify(payload.message);
  of.count++;
  of.bytes += Buffer.byteLength(text);
  let fresh = true;
  if (typeof seq === 'number') {
    fresh = of.last === null || seq > of.last;
    if (!fresh) {
      of.repeats++;
      of.repeatBytes += Buffer.byteLength(text);
    } else {
      if (seq !== (of.last === null ? 0 : of.last + 1)) of.gaps++;
      if (of.first === null) of.first = seq;
      of.last = seq;
    }
    if (of.socket === socket.id && seq !== of.before + 1) of.disorder++;
    of.socket = socket.id;
    of.before = seq;
  }
  const number = payload.message?.i;
  if (fresh && typeof number === 'number') {
    if (number !== of.lines) of.wrongLines++;
    of.lines = number + 1;
  }
  if (fresh && of.terminals.length > 0) of.afterEnd++;
  if (fresh && of.started === 0) of.beforeStart++;
  of.hash.update(text).update('\n');
  for (const wait of state.countWaits.filter((w) => w.sessionId === id && of.count >= w.count)) {
    state.countWaits.splice(state.countWaits.indexOf(wait), 1);
    say({ is: 'reached', sessionId: id, count: of.count });
  }
}

/** A runner has answered a ping. */
function ponged() {
  for (const wait of state.pongWaits) wait.count--;
  state.pongWaits.filter((wait) => wait.count <= 0).forEach((wait) => wait.done());
  state.pongWaits = state.pongWaits.filter((wait) => wait.count > 0);
}

function counted(id) {
  let of = state.counts.get(id);
  if (!of) {
    of = { count: 0, first: null, last: null, gaps: 0, repeats: 0, bytes: 0, repeatBytes: 0, hash: createHash('sha256') };
    Object.assign(of, { disorder: 0, lines: 0, wrongLines: 0, started: 0, terminals: [], afterEnd: 0, beforeStart: 0 });
    state.counts.set(id, of);
  }
  return of;
}

function lifecycle(name, payload) {
  const of = counted(String(payload?.sessionId));
  if (name === 'session:started') {
    if (of.terminals.length > 0 && of.started === 0) of.afterEnd++;
    of.started++;
  } else if (name === 'session:ended' || name === 'session:error') {
    of.terminals.push(name + ' ' + (payload.error ?? payload.reason ?? ''));
  }
}

function counts() {
  const sessions = {};
  for (const [id, { hash, socket, before, ...of }] of state.counts) sessions[id] = { ...of, digest: hash.copy().digest('hex') };
  return sessions;
}

function register(socket, payload) {
  if (payload.authToken !== state.options.token || state.options.rejectRegisters > 0) {
    if (state.options.rejectRegisters > 0) state.options.rejectRegisters--;
    socket.emit('error', { message: 'Invalid auth token' });
    if (state.options.rejectBy === 'close') socket.disconnect(true);
    return;
  }
  state.endpoints.set(payload.endpointId, socket.id);
  const resume = socket instanceof PlainSocket && state.options.resume ? { resume: newest() } : {};
  socket.emit('endpoint:registered', { endpointId: payload.endpointId, ...resume });
  for (const start of state.pending) socket.emit('session:start', start);
}

/** The newest seq of each session. */
function newest() {
  const last = {};
  for (const [id, of] of state.counts) if (of.last !== null) last[id] = of.last;
  return last;
}

/** A runner on plain WebSocket, with the face of a socket.io socket. Events that come before its handlers wait for them. */
class PlainSocket {
  static count = 0;

  constructor(ws, request) {
    this.id = `plain-${++PlainSocket.count}`;
    this.ws = ws;
    this.conn = { transport: { socket: ws } };
    this.handshake = { auth: { token: /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] } };
    this.handler = null;
    this.waiting = [];
    this.came = new Promise((came) => (this.early = came));
    this.handled = 0;
    this.acknowledged = 0;
    ws.on('error', () => {}); // its close follows
    ws.on('pong', ponged);
    if (state.options.plainPings > 0) {
      const pings = setInterval(() => ws.ping(), state.options.plainPings);
      ws.on('close', () => clearInterval(pings));
    }
    ws.on('message', (data, binary) => {
      const frame = binary ? {} : JSON.parse(data.toString());
      if (frame.ack !== undefined) say({ is: 'acknowledged', socket: this.id, count: frame.ack });
      if (typeof frame.event !== 'string') return;
      if (this.handler) return this.handle(frame);
      this.waiting.push(frame);
      this.early();
    });
  }

  handle(frame) {
    this.handler(frame.event, frame.data);
    this.handled++;
    if (this.handled === this.acknowledged + 1) setImmediate(() => this.acknowledge());
  }

  acknowledge() {
    if (state.options.swallow) return;
    this.acknowledged = this.handled;
    this.ws.send(JSON.stringify({ ack: this.handled }));
  }

  onAny(handler) {
    this.handler = handler;
    this.waiting.splice(0).forEach((frame) => this.handle(frame));
  }

  on(_, told) {
    this.ws.on('close', (code) => told(`closed with ${code}`));
  }

  emit(event, data) {
    this.ws.send(JSON.stringify({ event, data }));
  }

  disconnect() {
    this.ws.close(state.options.refuse === 'event' ? 4401 : 1000, state.options.refuse === 'event' ? state.options.refusal : '');
  }
}

/** Decides on an upgrade to plain WebSocket. */
function upgrade(request, socket, head) {
  if (new URL(request.url, 'http://any').pathname !== state.options.websocketPath) return;
  const { refuse, refusal } = state.options;
  const no = (status, words) => {
    say({ is: 'upgrade refused' });
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(words)}\r\nConnection: close\r\n\r\n${words}`);
  };
  if (refuse === 'http502') return no('502 Bad Gateway', '');
  if (refuse === 'middleware' || refuse?.startsWith('http')) return no('401 Unauthorized', refusal);
  if (!request.headers.authorization) return no('401 Unauthorized', 'Missing authentication token');
  state.plain.handleUpgrade(request, socket, head, (ws) => {
    ws.send(JSON.stringify({ hello: { maxPayload: state.options.maxHttpBufferSize } }));
    connected(new PlainSocket(ws, request));
  });
}

function attach(socket) {
  say({ is: 'attached', socket: socket.id });
  socket.onAny((name, payload, ...rest) => {
    if (name === 'message:from-claude') count(payload, socket);
    else if (name.startsWith('session:')) lifecycle(name, payload);
    if (!(state.options.quiet && name === 'message:from-claude')) {
      say({ is: 'event', socket: socket.id, name, payload, t: Number(process.hrtime.bigint() - began) / 1e6 });
    }
    // A session that was refused, or died before it was announced, is not pending any more either.
    if (['session:started', 'session:ended', 'session:error'].includes(name)) {
      state.pending = state.pending.filter((p) => p.sessionId !== payload?.sessionId);
    }
    if (name === 'endpoint:register') register(socket, payload);
    const callback = rest.at(-1) ?? payload;
    if (state.options.acks && typeof callback === 'function') callback();
  });
}

function connected(socket) {
  state.sockets.set(socket.id, socket);
  say({ is: 'connected', socket: socket.id, auth: socket.handshake.auth, clients: state.io.engine.clientsCount });
  const closed = () => say({ is: 'closed', socket: socket.id });
  if (socket instanceof PlainSocket) {
    socket.ws.on('close', closed);
  } else {
    socket.conn.on('heartbeat', ponged);
    socket.conn.on('close', closed);
  }
  socket.on('disconnect', (reason) => {
    state.sockets.delete(socket.id);
    say({ is: 'disconnected', socket: socket.id, reason });
  });
  if (state.options.refuse === 'event') {
    socket.emit('error', { message: state.options.refusal });
    socket.disconnect(true);
    return;
  }
  if (!state.options.late) return attach(socket);
  // A middleware of socket.io is called after the handlers that are there: what it has seen, they missed.
  const came = socket.came ?? new Promise((came) => socket.use((_, next) => (came(), next())));
  state.handlerless.push({ came, attach: () => attach(socket) });
}

async function listen() {
  const { path, pingInterval, pingTimeout, maxHttpBufferSize, perMessageDeflate } = state.options;
  state.http = createServer();
  state.io = new Server(state.http, {
    path,
    pingInterval,
    pingTimeout,
    maxHttpBufferSize,
    perMessageDeflate,
    destroyUpgrade: false, // the other path is not engine.io's
    allowRequest: (request, decide) => {
      if (state.options.refuse?.startsWith('http')) say({ is: 'upgrade refused' });
      if (state.options.refuse === 'http401') return void request.socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      if (state.options.refuse === 'http502') return void request.socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      if (state.options.refuse === 'http') return decide(state.options.refusal, false);
      decide(null, true);
    },
  });
  state.plain = new WebSocketServer({
    noServer: true,
    maxPayload: maxHttpBufferSize,
    handleProtocols: (offered) => (offered.has('vibe.v1') ? 'vibe.v1' : false),
  });
  state.http.on('upgrade', upgrade);
  const check = state.io._checkNamespace;
  state.io._checkNamespace = (...args) => (state.options.swallow ? undefined : check.apply(state.io, args));
  if (state.options.dynamic) state.io.of(/^\/.+/);
  state.io.use((socket, next) => {
    const auth = socket.handshake.auth;
    if (state.options.refuse === 'middleware') return next(new Error(state.options.refusal));
    if (!auth?.token) return next(new Error('Missing authentication token'));
    next();
  });
  state.io.on('connection', connected);
  await new Promise((resolve, reject) => {
    state.http.once('error', reject);
    state.http.listen(state.options.port, '127.0.0.1', resolve);
  });
  state.options.port = state.http.address().port;
  say({ is: 'listening', port: state.options.port });
}

const tcp = (socket) => socket.conn.transport.socket._socket;
const each = (action) => state.sockets.forEach(action);

const commands = {
  nothing: () => {},
  clients: () => say({ is: 'clients', count: state.io.engine.clientsCount }),
  set: ({ options }) => void Object.assign(state.options, options),
  // To all connected runners; wantAck asks for a callback, which is reported; attach names a field to hold some bytes.
  emit: ({ name, payload, wantAck, attach }) =>
    each((socket) => {
      if (attach) payload[attach] = Buffer.from('bytes');
      if (wantAck) socket.emit(name, payload, (...args) => say({ is: 'acked', name, args }));
      else if (payload === undefined) socket.emit(name);
      else socket.emit(name, payload);
    }),
  // Kept as pending: sent now, and again after each registration until it starts or ends.
  start: ({ payload }) => {
    state.pending.push(payload);
    each((socket) => socket.emit('session:start', payload));
  },
  // A WebSocket text frame as it stands, however wrong.
  raw: ({ text, repeat }) =>
    each((socket) => socket.conn.transport.socket.send(repeat ? text.repeat(repeat) : text)),
  rawBinary: ({ bytes }) => each((socket) => socket.conn.transport.socket.send(Buffer.from(bytes))),
  // The same event for many sessions; {"sessionId": PREFIX + number} is added to its payload.
  storm: async ({ name, prefix, count, payload }) => {
    for (let i = 0; i < count; i++) {
      each((socket) => socket.emit(name, { ...payload, sessionId: prefix + i }));
      if (i % 500 === 0) await drained();
    }
    await drained();
  },
  // Random and mutated frames, the same ones for the same seed.
  fuzz: async ({ seed, count }) => {
    const random = randomNumbers(seed);
    for (let i = 0; i < count; i++) {
      const frame = hostile(random);
      each((socket) => socket.conn.transport.socket.send(frame));
      if (i % 100 === 0) await drained();
    }
    await drained();
  },
  // What was agreed on for each connection's WebSocket.
  extensions: () => each((socket) => say({ is: 'extensions', value: socket.conn.transport.socket.extensions })),
  // Handlers for those who have none yet, as soon as an event has come before them.
  attach: async () => {
    for (const { came, attach } of state.handlerless.splice(0)) {
      await came;
      attach();
    }
  },
  kick: ({ hard }) => each((socket) => socket.disconnect(!!hard)),
  closeFrame: ({ code }) => each((socket) => socket.conn.transport.socket.close(code ?? 1001)),
  // FIN or RST without a word.
  cut: ({ reset }) => each((socket) => (reset ? tcp(socket).resetAndDestroy() : tcp(socket).destroy())),
  // The TCP socket is not read, or read again.
  pause: () => each((socket) => tcp(socket).pause()),
  resume: () => each((socket) => tcp(socket).resume()),
  // The server's whole process is busy.
  hang: ({ ms }) => {
    say({ is: 'hanging' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
  restart: async ({ downMs }) => {
    await commands.down();
    await new Promise((resolve) => setTimeout(resolve, downMs ?? 0));
    await listen();
  },
  down: async () => {
    state.plain.clients.forEach((ws) => ws.terminate());
    await new Promise((resolve) => state.io.close(resolve));
    state.http.closeAllConnections();
  },
  up: () => listen(),
  forget: () => void state.counts.clear(),
  counts: () => say({ is: 'counts', sessions: counts() }),
  // Reported as "reached" once so many messages of a session came.
  awaitCount: ({ sessionId, count: wanted }) => {
    const now = state.counts.get(sessionId)?.count ?? 0;
    if (now >= wanted) say({ is: 'reached', sessionId, count: now });
    else state.countWaits.push({ sessionId, count: wanted });
  },
  // Done when so many more pings have been answered.
  awaitPongs: ({ count: wanted }) => new Promise((done) => state.pongWaits.push({ count: wanted, done })),
};

/** Waits until the sockets have taken what was sent: a storm must not fill this process's memory. */
async function drained() {
  const waiting = () => [...state.sockets.values()].some((s) => s.conn.transport.socket?.bufferedAmount > 1e6);
  do await new Promise((resolve) => setImmediate(resolve));
  while (waiting());
}

function randomNumbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const EVENTS = ['session:start', 'message:send', 'session:stop', 'session:interrupt', 'error', 'endpoint:registered'];
const FIELDS = ['sessionId', 'agentType', 'workingDirectory', 'initialMessage', 'message', 'endpointId', '__proto__'];
const VALUES = [
  null, true, -0, 1e308, 12345678901234567890, '', 'claude', '../../etc/passwd', '$(reboot)', '; rm -rf /', '\u0000',
  '\ud800', '\u001b[31m', 'x'.repeat(70_000), [], {}, [[[[]]]], { text: 1 }, { type: 'user' }, { type: 'control_request' },
];

/** A frame of any kind, mostly nearly right. One in two thousand ends the connection. */
function hostile(random) {
  const pick = (list) => list[random(list.length)];
  if (random(20) === 0) {
    return Buffer.from(Array.from({ length: random(300) }, () => random(256)));
  }
  const payload = {};
  for (let i = random(4); i > 0; i--) payload[pick(FIELDS)] = pick(VALUES);
  let frame = '42' + JSON.stringify([pick(EVENTS), payload]);
  if (random(10) === 0) frame = '42["message:send",{"sessionId":"deep","message":' + '['.repeat(random(100_000));
  for (let i = random(3); i > 0; i--) {
    const at = random(frame.length + 1);
    frame = frame.slice(0, at) + String.fromCharCode(random(0x300)) + frame.slice(at + random(3));
  }
  if (random(5) === 0) frame = frame.slice(random(6));
  return /^(1|41)/.test(frame) && random(100) > 0 ? '3' : frame;
}

let ready = false;
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (!ready) {
    state.options = { ...DEFAULTS, ...command };
    await listen();
    ready = true;
    continue;
  }
  await commands[command.do](command);
  say({ is: 'done', do: command.do });
}
process.exit(0);
