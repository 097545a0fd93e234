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

const fresh = () => ({ next: 0, tools: new Map(), changes: new Map(), asks: new Map(), waiting: [] });
const state = { endpoints: [], sessions: new Map(), open: null, loading: false, ...fresh() };

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
    state.waiting.forEach(([number, entry]) => add(number, entry));
  } catch (failure) {
    problem(failure.message); // the next message finds the gap, and fetches again
  } finally {
    state.waiting = [];
    state.loading = false;
    if (state.open !== session) catchUp();
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
    const button = element('button', '', visible(session.title || session.sessionId.slice(0, 8)), ' ', element('span', `badge ${session.state}`, session.state),
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
  $('where').textContent = visible([session.workingDirectory, session.endpointId, session.detail].filter(Boolean).join(' · '));
  const over = session.state === 'ended' || session.state === 'failed';
  $('interrupt').disabled = over;
  $('stop').disabled = over;
}

function openSession(id) {
  location.hash = id;
  Object.assign(state, fresh(), { open: id });
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
  const talk = $('talk');
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  if (number > state.next) talk.append(element('div', 'entry marker', text(`the server no longer has the ${number - state.next} entries before this`)));
  state.next = number + 1;
  let shown;
  try {
    shown = draw(entry);
  } catch {
    shown = said('agent', text(JSON.stringify(entry.message))); // an agent may say any JSON
  }
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
  if (talk.childElementCount > SHOWN_ENTRIES) {
    let oldest = talk.firstElementChild;
    while (oldest?.querySelector('.ask button')) oldest = oldest.nextElementSibling; // somebody waits for an answer
    oldest?.remove();
  }
  if (atEnd) talk.scrollTop = talk.scrollHeight;
}

function toggleRaw(box, entry) {
  const there = box.querySelector(':scope > .raw');
  if (there) there.remove();
  else box.append(element('pre', 'raw', visible(JSON.stringify(entry.message ?? entry, null, 1))));
}

/** Text as it may be shown: control characters made visible, colours of terminals too. */
const visible = (text) => {
  const safe = String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/g,
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

/**
 * What somebody is to allow: never cut, in the order of its characters, and those that would not be seen as \u{..}, for what
 * looks like one command may be another.
 */
function whole(value, className = '') {
  const all = typeof value === 'string' ? value : JSON.stringify(value, null, 1) ?? 'nothing';
  return element('pre', `whole ${className}`, visible(all)
    .replace(/[\p{Cf}\p{DI}\u2800]|(?! )\p{Zs}/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`));
}

const said = (className, ...parts) => ({ className, parts });
const marker = (words) => said('marker', text(words));
const pretty = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));

function draw(entry) {
  if (entry.from === 'user') {
    const message = entry.message;
    if (message?.type === 'control_response') {
      settle(message.response?.request_id, message.response?.response?.behavior === 'allow' ? 'allowed' : 'denied');
      return null;
    }
    if (message?.id !== undefined && ('result' in message || 'error' in message)) {
      settle(message.id, message.result?.decision === 'accept' ? 'allowed' : 'answered');
      return null;
    }
    return said('user', text(typeof message === 'string' ? message : (message?.text ?? JSON.stringify(message))));
  }
  if (entry.from === 'server') {
    if (entry.marker === 'ended' || entry.marker === 'failed') settleAll();
    return marker(`${entry.marker}${entry.detail ? `: ${entry.detail}` : ''}`);
  }
  const message = entry.message;
  if (message === null || typeof message !== 'object') return said('agent', text(JSON.stringify(message)));
  if (message.truncated) {
    const cut = text(`a line of ${message.truncated.bytes} bytes was cut: ${message.truncated.head ?? ''}`);
    const id = message.type === 'control_request' ? message.request_id : typeof message.method === 'string' ? message.id : undefined;
    return id === undefined ? said('marker', cut)
      : drawAsk(id, 'The agent waits for an answer', [cut], { deny: refusal(id) }, 'The request was too long to be passed on whole. What is not seen cannot be allowed here.');
  }
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
    case 'vibe:notice':
      if (message.code === 'runner-restarted' || message.code === 'agent-restarted') settleAll();
      return said('marker', text(message.content));
    case 'control_request': return drawClaudesRequest(message.request_id, message.request);
    case 'control_cancel_request':
      settle(message.request_id, 'no longer asked');
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
  for (const [key, box] of state.asks) if (id !== undefined && box.tool === id) settle(key, 'answered');
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

/** Each change to a file as text; null where it is not known what would be changed. */
function changesText(changes) {
  const known = Array.isArray(changes) && changes.length && changes.every((change) => typeof change?.path === 'string' && typeof change.diff === 'string');
  if (!known) return null;
  return changes.map(({ path, kind, diff }) => `${kind?.type ?? 'change'} ${path}${kind?.move_path ? ` -> ${kind.move_path}` : ''}\n${diff}`);
}

function drawCodex({ method, params, id }) {
  const item = params?.item;
  if (id !== undefined) return drawCodexsRequest(id, method, params);
  switch (method) {
    case 'item/started':
      if (item?.type === 'commandExecution') return said('agent', tool(item.id, 'command', { command: item.command }));
      if (item?.type === 'fileChange') {
        const changes = changesText(item.changes);
        state.changes.set(item.id, changes);
        return said('agent', tool(item.id, 'change', { file_path: changes && item.changes.map(({ path }) => path).join(', '), changes: item.changes }));
      }
      return null;
    case 'item/completed':
      if (item?.type === 'agentMessage') return said('agent', text(item.text));
      if (item?.type === 'reasoning') return null;
      if (item?.type === 'commandExecution') {
        const left = output(item.id, item.aggregatedOutput ?? item.status, item.exitCode !== 0);
        return left ? said('agent', left) : null;
      }
      if (item?.type === 'fileChange') {
        const left = output(item.id, item.status, item.status !== 'completed');
        return left ? said('agent', left) : null;
      }
      return null;
    case 'item/fileChange/patchUpdated': {
      const changes = changesText(params?.changes);
      if (changes) state.changes.set(params.itemId, changes);
      return null;
    }
    case 'serverRequest/resolved':
      settle(params?.requestId, 'answered');
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

// --- what an agent waits for

/** In Claude's words, which the runner puts into those that Codex's request knows. */
const answer = (id, response) => ({ type: 'control_response', response: { subtype: 'success', request_id: id, response } });
const denial = (id) => answer(id, { behavior: 'deny', message: 'denied in the console' });
/** To a request of which nothing is known but that it waits. */
const refusal = (id) => ({ type: 'control_response', response: { subtype: 'error', request_id: id, error: 'refused in the console' } });

const UNKNOWN = 'This page does not know what allowing it would mean, and can only refuse it. A script can send another answer (docs/local.md).';

function drawClaudesRequest(id, request) {
  if (request?.subtype !== 'can_use_tool') return drawAsk(id, 'The agent waits for an answer', [whole(request)], { deny: refusal(id) }, UNKNOWN);
  const { tool_name: name, input = {} } = request;
  const parts = typeof input?.command === 'string' ? [whole(input.command, 'command')] : [];
  if (!parts.length || Object.keys(input).length > 1) parts.push(whole(input));
  return drawAsk(id, `May the agent use ${name}?`, parts, { allow: answer(id, { behavior: 'allow', updatedInput: input }), deny: denial(id) }, '', request.tool_use_id);
}

function drawCodexsRequest(id, method, params) {
  const either = { allow: answer(id, { behavior: 'allow' }), deny: denial(id) };
  const all = whole(params);
  switch (method) {
    case 'item/commandExecution/requestApproval': case 'execCommandApproval': {
      const command = params?.command;
      return drawAsk(id, 'May the agent run this command?', command ? [whole(command, 'command'), all] : [all], either, '', params?.itemId);
    }
    case 'item/fileChange/requestApproval': {
      const changes = state.changes.get(params?.itemId);
      if (changes) return drawAsk(id, 'May the agent make these changes?', [...changes.map((change) => whole(change, 'command')), all], either, '', params.itemId);
      return drawAsk(id, 'May the agent change files?', [all], { deny: either.deny }, 'It has not said which, or not in a line that came whole. What is not seen cannot be allowed here.', params?.itemId);
    }
    case 'applyPatchApproval': return drawAsk(id, 'May the agent make these changes?', [all], either);
    case 'item/permissions/requestApproval': return drawAsk(id, 'May the agent have these permissions?', [all], either, '', params?.itemId);
    case 'mcpServer/elicitation/request': {
      const asks = params?.requestedSchema?.required?.length > 0;
      const allow = answer(id, params?.requestedSchema ? { behavior: 'allow', updatedInput: {} } : { behavior: 'allow' });
      return drawAsk(id, 'A tool server asks', [all], asks ? { deny: either.deny } : { allow, deny: either.deny }, asks ? UNKNOWN : '');
    }
    case 'item/tool/requestUserInput': return drawAsk(id, 'The agent asks questions', [all], { deny: either.deny }, UNKNOWN, params?.itemId);
    default: return drawAsk(id, `The agent waits for an answer (${method})`, [all], { deny: refusal(id) }, UNKNOWN);
  }
}

/**
 * @param shown all that an answer is about
 * @param answers messages by word; what cannot be said has no button
 * @param toolId the call that is asked for: its output settles the question, whoever answered
 */
function drawAsk(id, title, shown, answers, note = '', toolId = undefined) {
  settle(id, 'no longer asked'); // the ids of an agent's next process begin anew: a button must not answer another question
  const session = state.open;
  const box = element('div', 'ask', whole(title, 'title'), ...shown);
  if (note) box.append(element('p', 'note', note));
  const buttons = element('p', '');
  for (const [word, label, outcome] of [['allow', 'Allow', 'allowed'], ['deny', 'Deny', 'denied']]) {
    if (!answers[word]) continue;
    const button = element('button', word, label);
    button.onclick = () => {
      const disable = (disabled) => buttons.querySelectorAll('button').forEach((each) => { each.disabled = disabled; });
      disable(true);
      attempt(call(`sessions/${encodeURIComponent(session)}/messages`, { message: answers[word] }).then(() => settleBox(box, outcome)))
        .then(() => disable(false));
    };
    buttons.append(button, ' ');
  }
  box.append(buttons);
  box.tool = toolId;
  state.asks.set(String(id), box);
  return said('agent', box);
}

function settle(id, words) {
  const box = state.asks.get(String(id));
  if (box) settleBox(box, words);
}

const settleAll = () => state.asks.forEach((box) => settleBox(box, 'no longer asked'));

function settleBox(box, words) {
  box.querySelectorAll('button.allow, button.deny').forEach((button) => button.remove());
  if (!box.settled) box.append(words);
  box.settled = true;
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
