'use strict';
// The console's only script. What agents say is hostile: it reaches the page as text nodes and never as HTML.
const $ = (id) => document.getElementById(id);
const SHOWN_CHARS = 20_000;
const SHOWN_ENTRIES = 3_000;

const token = (() => {
  const given = new URLSearchParams(location.search).get('token');
  if (given) {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname + location.hash); // not in screenshots and histories
  }
  return given ?? sessionStorage.getItem('token') ?? '';
})();

const state = { endpoints: [], sessions: new Map(), open: null, next: 0, tools: new Map(), asks: new Map(), waiting: [], loading: false };

async function call(path, body) {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  if (body !== undefined) Object.assign(options, { method: 'POST', body: JSON.stringify(body) });
  const answer = await fetch(`/api/${path}`, options);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const attempt = (work) => work.then(() => problem(''), (failure) => problem(failure.message));

function problem(text) {
  $('problem').textContent = text;
  $('problem').hidden = !text;
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// --- what the server tells

function follow() {
  const events = new EventSource(`/api/events?token=${encodeURIComponent(token)}`);
  const link = (text, className) => Object.assign($('link'), { textContent: text, className: `badge ${className}` });
  events.onopen = () => {
    link('connected', 'ok');
    if (state.open) catchUp();
  };
  events.onerror = () => {
    link('reconnecting', 'bad');
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  };
  events.addEventListener('endpoints', (event) => {
    state.endpoints = JSON.parse(event.data);
    drawEndpoints();
  });
  events.addEventListener('session', (event) => {
    const session = JSON.parse(event.data);
    state.sessions.set(session.sessionId, session);
    drawSessions();
    if (state.open === session.sessionId) drawBar();
    else if (!state.open && location.hash === `#${session.sessionId}`) openSession(session.sessionId);
  });
  events.addEventListener('message', (event) => {
    counted++;
    const { sessionId, number, entry } = JSON.parse(event.data);
    const session = state.sessions.get(sessionId);
    if (session) {
      session.messages = number + 1;
      stale = true; // the list is drawn once a second, whatever the rate
    }
    if (sessionId !== state.open) return;
    if (state.loading) state.waiting.push([number, entry]);
    else if (number > state.next) catchUp();
    else add(number, entry);
  });
}

/** Fetches what is not shown yet; what comes meanwhile waits. */
async function catchUp() {
  if (state.loading) return;
  const session = state.open;
  state.loading = true;
  try {
    for (;;) {
      const part = await call(`sessions/${encodeURIComponent(session)}/messages?from=${state.next}`);
      if (state.open !== session) return;
      if (part.length === 0) break;
      part.forEach(([number, entry]) => add(number, entry));
    }
  } catch (failure) {
    problem(failure.message);
  } finally {
    state.loading = false;
    if (state.open !== session) catchUp();
    else state.waiting.splice(0).forEach(([number, entry]) => add(number, entry));
  }
}

// --- lists

const ago = (millis) => {
  const seconds = Math.max(0, Math.round((Date.now() - millis) / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
};

function drawEndpoints() {
  $('endpoints').replaceChildren(...state.endpoints.map((endpoint) => {
    const versions = endpoint.metadata?.agentVersions ?? {};
    const agents = endpoint.agents.map((agent) => (versions[agent] ? `${agent} ${versions[agent]}` : agent)).join(', ') || 'no agent';
    return element('li', '', endpoint.endpointId, ' ',
      element('span', `badge ${endpoint.connected ? 'ok' : 'bad'}`, endpoint.connected ? 'connected' : 'away'),
      element('small', '', `${endpoint.sessions} of ${endpoint.maxSessions} sessions · ${agents}`),
      element('small', '', `runner ${endpoint.metadata?.runnerVersion ?? '?'} · heard ${ago(endpoint.lastHeard)} ago`));
  }));
  const chosen = $('agent').value;
  const agents = [...new Set(state.endpoints.flatMap((endpoint) => endpoint.agents))];
  $('agent').replaceChildren(...agents.map((agent) => element('option', '', agent)));
  if (agents.includes(chosen)) $('agent').value = chosen;
}

const newestFirst = () => [...state.sessions.values()].sort((a, b) => b.since - a.since);

function drawSessions() {
  $('sessions').replaceChildren(...newestFirst().map((session) => {
    const button = element('button', '', session.title || session.sessionId.slice(0, 8), ' ', element('span', `badge ${session.state}`, session.state),
      element('small', '', `${session.agentType} · ${session.messages} messages`));
    button.setAttribute('aria-current', session.sessionId === state.open);
    button.onclick = () => openSession(session.sessionId);
    return element('li', '', button);
  }));
}

function drawBar() {
  const session = state.sessions.get(state.open);
  if (!session) return;
  $('name').textContent = session.agentType;
  $('state').textContent = session.state;
  $('state').className = `badge ${session.state}`;
  $('where').textContent = [session.workingDirectory, session.endpointId, session.detail].filter(Boolean).join(' · ');
  const over = session.state === 'ended' || session.state === 'failed';
  $('interrupt').disabled = over;
  $('stop').disabled = over;
}

function openSession(id) {
  location.hash = id;
  Object.assign(state, { open: id, next: 0, tools: new Map(), asks: new Map(), waiting: [] });
  $('talk').replaceChildren();
  show('session');
  drawBar();
  drawSessions();
  document.body.classList.remove('menu');
  catchUp();
  $('words').focus();
}

function show(what) {
  for (const part of ['start', 'session', 'empty']) $(part).hidden = part !== what;
}

// --- a conversation

function add(number, entry) {
  if (number < state.next) return;
  state.next = number + 1;
  const talk = $('talk');
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  const shown = draw(entry);
  const box = element('div', `entry ${shown?.className ?? 'quiet'}`);
  const peek = element('button', 'peek', '{}');
  peek.title = 'the event as it came';
  peek.onclick = () => toggleRaw(box, entry);
  box.append(peek, ...(shown?.parts ?? []));
  box.raw = entry;
  if (!shown) box.classList.add('hiddenEntry');
  box.hidden = !shown && !$('raw').checked;
  if ($('raw').checked) toggleRaw(box, entry);
  talk.append(box);
  if (talk.childElementCount > SHOWN_ENTRIES) talk.firstElementChild.remove();
  if (atEnd) talk.scrollTop = talk.scrollHeight;
}

function toggleRaw(box, entry) {
  const there = box.querySelector(':scope > .raw');
  if (there) there.remove();
  else box.append(element('pre', 'raw', visible(JSON.stringify(entry.message ?? entry, null, 1))));
}

/** Text as it may be shown: control characters made visible, colours of terminals too. */
const visible = (text) => {
  const safe = String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g,
    (c) => (c.charCodeAt(0) < 32 ? String.fromCharCode(0x2400 + c.charCodeAt(0)) : '�'));
  return safe;
};

/** Text; a long one is cut until somebody wants all of it. */
function text(value, className = 'text') {
  const all = visible(value);
  const box = element('div', className, all.slice(0, SHOWN_CHARS));
  if (all.length > SHOWN_CHARS) {
    const more = element('button', '', `show all ${all.length.toLocaleString('en')} characters`);
    more.onclick = () => box.replaceChildren(all);
    box.append(' … ', more);
  }
  return box;
}

const said = (className, ...parts) => ({ className, parts });
const marker = (words) => said('marker', text(words));
const pretty = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));

function draw(entry) {
  if (entry.from === 'user') {
    const message = entry.message;
    if (message?.type === 'control_response') {
      settle(`c${message.response?.request_id}`, message.response?.response?.behavior === 'allow' ? 'allowed' : 'denied');
      return null;
    }
    if (message?.result?.decision) {
      settle(`x${message.id}`, message.result.decision === 'accept' ? 'allowed' : 'denied');
      return null;
    }
    return said('user', text(typeof message === 'string' ? message : (message?.text ?? JSON.stringify(message))));
  }
  if (entry.from === 'server') return marker(`${entry.marker}${entry.detail ? `: ${entry.detail}` : ''}`);
  const message = entry.message;
  if (message === null || typeof message !== 'object') return said('agent', text(JSON.stringify(message)));
  if (message.truncated) return said('marker', text(`a line of ${message.truncated.bytes} bytes was cut: ${message.truncated.head ?? ''}`));
  if (typeof message.method === 'string') return drawCodex(message);
  switch (message.type) {
    case 'assistant': return drawBlocks(message.message?.content);
    case 'user': return drawBlocks(message.message?.content);
    case 'result': return drawResult(message);
    case 'system':
      if (message.subtype === 'init') return null;
      if (message.subtype === 'api_retry') return said('marker error', text(`the model's API: ${message.error} (attempt ${message.attempt} of ${message.max_retries})`));
      return null;
    case 'text': return said(entry.channel === 'stderr' ? 'stderr' : 'agent', text(message.content));
    case 'vibe:notice': return said('marker', text(message.content));
    case 'control_request':
      return message.request?.subtype === 'can_use_tool' ? drawAsk(`c${message.request_id}`, message.request.tool_name, message.request.input, message.request.tool_use_id, {
        allow: { type: 'control_response', response: { subtype: 'success', request_id: message.request_id, response: { behavior: 'allow', updatedInput: message.request.input } } },
        deny: { type: 'control_response', response: { subtype: 'success', request_id: message.request_id, response: { behavior: 'deny', message: 'denied in the console' } } },
      }) : null;
    case 'control_cancel_request':
      settle(`c${message.request_id}`, 'no longer asked');
      return null;
    case 'control_response': case 'stream_event': case 'rate_limit_event': return null;
    default: return message.id !== undefined && ('result' in message) ? null : said('agent', text(JSON.stringify(message)));
  }
}

function drawBlocks(content) {
  if (typeof content === 'string') return said('agent', text(content));
  const parts = (Array.isArray(content) ? content : []).map((block) => {
    switch (block?.type) {
      case 'text': return text(block.text);
      case 'thinking': return element('details', 'tool', element('summary', '', 'thinking'), text(block.thinking));
      case 'tool_use': return tool(block.id, block.name, block.input);
      case 'tool_result': return output(block.tool_use_id, blocksText(block.content), block.is_error);
      default: return text(JSON.stringify(block));
    }
  }).filter(Boolean);
  return parts.length ? said('agent', ...parts) : null;
}

const blocksText = (content) => (Array.isArray(content) ? content.map((part) => part.text ?? JSON.stringify(part)).join('\n') : pretty(content ?? ''));

function tool(id, name, input) {
  const short = input?.command ?? input?.file_path ?? input?.pattern ?? '';
  const box = element('details', 'tool', element('summary', '', visible(`${name} ${short}`).slice(0, 200)), text(pretty(input ?? {}), 'text code'));
  state.tools.set(id, box);
  return box;
}

function output(id, words, failed) {
  for (const [key, box] of state.asks) if (box.tool === id) settle(key, 'answered');
  const part = element('div', failed ? 'error' : '', text(words || '(no output)', 'text code'));
  const box = state.tools.get(id);
  if (!box) return part;
  box.append(part);
  if (failed) box.firstElementChild.append(' ✗');
  return null;
}

function drawResult(message) {
  const facts = [message.is_error ? `failed: ${message.result ?? message.subtype}` : 'done'];
  if (typeof message.total_cost_usd === 'number') facts.push(`$${message.total_cost_usd.toFixed(4)}`);
  if (typeof message.duration_ms === 'number') facts.push(`${(message.duration_ms / 1000).toFixed(1)} s`);
  if (typeof message.num_turns === 'number') facts.push(`${message.num_turns} turns`);
  return said(message.is_error ? 'result error' : 'result', text(facts.join(' · ')));
}

function drawCodex({ method, params, id }) {
  const item = params?.item;
  switch (method) {
    case 'item/started':
      return item?.type === 'commandExecution' ? said('agent', tool(item.id, 'command', { command: item.command })) : null;
    case 'item/completed':
      if (item?.type === 'agentMessage') return said('agent', text(item.text));
      if (item?.type === 'reasoning') return null;
      if (item?.type === 'commandExecution') {
        const left = output(item.id, item.aggregatedOutput ?? item.status, item.exitCode !== 0);
        return left ? said('agent', left) : null;
      }
      return null;
    case 'item/commandExecution/requestApproval': case 'item/fileChange/requestApproval':
      return drawAsk(`x${id}`, params?.kind ?? 'command', params?.command ?? params, params?.itemId, {
        allow: { id, result: { decision: 'accept' } },
        deny: { id, result: { decision: 'decline' } },
      });
    case 'serverRequest/resolved':
      settle(`x${params?.requestId}`, 'answered');
      return null;
    case 'turn/completed': {
      const turn = params?.turn ?? {};
      const seconds = typeof turn.durationMs === 'number' ? ` · ${(turn.durationMs / 1000).toFixed(1)} s` : '';
      return said(turn.status === 'failed' ? 'result error' : 'result', text(`${turn.status}${turn.error ? `: ${turn.error.message}` : ''}${seconds}`));
    }
    case 'error': return said('marker error', text(params?.error?.message ?? JSON.stringify(params)));
    default: return null;
  }
}

// --- permissions

/** @param toolId the call that is asked for: its output settles the question, whoever answered */
function drawAsk(key, name, input, toolId, answers) {
  const command = input?.command ?? (typeof input === 'string' ? input : JSON.stringify(input, null, 1));
  const buttons = element('p', '');
  for (const [word, label] of [['allow', 'Allow'], ['deny', 'Deny']]) {
    const button = element('button', word, label);
    button.onclick = () => attempt(call(`sessions/${encodeURIComponent(state.open)}/messages`, { message: answers[word] })
      .then(() => settle(key, word === 'allow' ? 'allowed' : 'denied')));
    buttons.append(button, ' ');
  }
  const box = element('div', 'ask', element('div', '', `May the agent use ${visible(name)}?`), text(command, 'text command'), buttons);
  box.tool = toolId;
  state.asks.set(key, box);
  return said('agent', box);
}

function settle(key, words) {
  const box = state.asks.get(key);
  box?.querySelectorAll('button.allow, button.deny').forEach((button) => button.remove());
  if (box && !box.settled) box.append(words);
  if (box) box.settled = true;
}

// --- people

$('new').onclick = () => newSession();
$('cancel').onclick = () => show(state.open ? 'session' : 'empty');
$('menu').onclick = () => $('menu').setAttribute('aria-expanded', document.body.classList.toggle('menu'));
$('interrupt').onclick = () => act('interrupt');
$('stop').onclick = () => act('stop');
$('raw').onchange = () => {
  for (const box of $('talk').children) {
    const shown = box.querySelector(':scope > .raw') !== null;
    if (shown !== $('raw').checked) toggleRaw(box, box.raw);
    if (box.classList.contains('hiddenEntry')) box.hidden = !$('raw').checked;
  }
};

function newSession() {
  show('start');
  document.body.classList.remove('menu');
  $('first').focus();
}

const act = (action, body = {}) => attempt(call(`sessions/${encodeURIComponent(state.open)}/${action}`, body));

$('start').onsubmit = (event) => {
  event.preventDefault();
  attempt(call('sessions', {
    agentType: $('agent').value,
    workingDirectory: $('directory').value,
    initialMessage: $('first').value,
  }).then(({ sessionId }) => {
    $('first').value = '';
    openSession(sessionId);
  }));
};

$('say').onsubmit = (event) => {
  event.preventDefault();
  const words = $('words').value;
  if (!words.trim()) return;
  attempt(call(`sessions/${encodeURIComponent(state.open)}/messages`, { message: words }).then(() => { $('words').value = ''; }));
};

for (const [field, form] of [['words', 'say'], ['first', 'start']]) {
  $(field).onkeydown = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $(form).requestSubmit();
    }
  };
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !$('session').hidden) act('interrupt');
  if (/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = newestFirst().map((session) => session.sessionId);
  const at = list.indexOf(state.open);
  if (event.key === 'n') { event.preventDefault(); newSession(); }
  if (event.key === 'r' && !$('session').hidden) $('raw').click();
  if (event.key === 'j' && at < list.length - 1) openSession(list[at + 1]);
  if (event.key === 'k' && at > 0) openSession(list[at - 1]);
});

// --- the chart

let counted = 0;
let stale = false;
const rates = new Array(60).fill([0, 0]);
setInterval(() => {
  const waiting = [...state.sessions.values()].filter((session) => session.state === 'pending' || session.state === 'starting').length;
  rates.push([counted, waiting]);
  rates.shift();
  $('rate').textContent = `${counted} msg/s · ${waiting} waiting`;
  counted = 0;
  const canvas = $('chart');
  const pen = canvas.getContext('2d');
  pen.clearRect(0, 0, canvas.width, canvas.height);
  [['#2563eb', 0], ['#c62828', 1]].forEach(([colour, which]) => {
    const most = Math.max(1, ...rates.map((pair) => pair[which]));
    pen.strokeStyle = colour;
    pen.beginPath();
    rates.forEach((pair, i) => pen.lineTo((i * canvas.width) / 59, canvas.height - 2 - (pair[which] / most) * (canvas.height - 4)));
    pen.stroke();
  });
  drawEndpoints();
  if (stale && !$('sessions').contains(document.activeElement)) {
    stale = false;
    drawSessions();
  }
}, 1000);

if (token) follow();
else problem('Open the console by the address that vibe-runner local has printed: it holds a token.');
