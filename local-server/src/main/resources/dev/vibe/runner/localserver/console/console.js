// The console: what people do with it. The other scripts are its parts.
import { $, attempt, byTouch, call, sessionPath, token } from '/page.js';
import { conversation } from '/conversation.js';
import { drawBar, drawEndpoints, drawSessions, isOver, known, newestFirst } from '/lists.js';
import { catchUp, heard, openTalk } from '/talk.js';
import { drawChart } from '/chart.js';
import { follow, refused } from '/server.js';

// --- what the server tells

let counted = 0;

const listener = {
  opened: catchUp,
  endpoints(endpoints) {
    known.endpoints = endpoints;
    drawEndpoints();
    drawBar();
  },
  session(session) {
    known.sessions.set(session.sessionId, session);
    drawSessions();
    if (conversation.id === null && named() === session.sessionId) openSession(session.sessionId);
  },
  message({ sessionId, number, entry }) {
    counted++;
    const session = known.sessions.get(sessionId);
    if (session) session.messages = number + 1;
    if (sessionId === conversation.id) heard(number, entry);
  },
};

setInterval(() => {
  drawChart(counted, [...known.sessions.values()].filter(({ state }) => state === 'pending' || state === 'starting').length);
  drawEndpoints();
  if (counted) drawSessions(); // their numbers of messages, whatever the rate
  counted = 0;
}, 1000);

// --- what is open

const drafts = new Map(); // what somebody has begun to say, by session

function openSession(id, focus = byTouch ? $('talk') : $('words')) {
  show('session');
  closeMenu();
  if (id !== conversation.id) {
    drafts.set(conversation.id, $('words').value);
    $('words').value = drafts.get(id) ?? '';
    openTalk(id);
    if (named() !== id) location.hash = id;
    drawBar();
    drawSessions();
  }
  focus.focus();
}

function show(what) {
  for (const part of ['start', 'session', 'empty']) $(part).hidden = part !== what;
}

function newSession() {
  show('start');
  closeMenu();
  (byTouch ? $('start') : $('first')).focus();
}

const leaveNew = () => {
  show(conversation.id === null ? 'empty' : 'session');
  (conversation.id === null ? $('begin') : $('talk')).focus();
};

function closeMenu() {
  document.body.classList.remove('menu');
  $('menu').setAttribute('aria-expanded', false);
}

const named = () => location.hash.slice(1);

/** Back and Forward. */
onhashchange = () => {
  if (!named()) show('empty');
  else if ((named() !== conversation.id || $('session').hidden) && known.sessions.has(named())) openSession(named());
};

// --- people

$('new').onclick = newSession;
$('begin').onclick = newSession;
$('cancel').onclick = leaveNew;
$('menu').onclick = () => $('menu').setAttribute('aria-expanded', document.body.classList.toggle('menu'));
$('interrupt').onclick = () => act('interrupt');
$('stop').onclick = () => act('stop');
$('sessions').onclick = (event) => {
  const button = event.target.closest('[data-session]');
  if (button) openSession(button.dataset.session);
};

const act = (action) => attempt(call(sessionPath(conversation.id, action), {}));

$('start').onsubmit = (event) => {
  event.preventDefault();
  if ($('go').disabled) return; // one is being started
  $('go').disabled = true;
  const initialMessage = $('first').value;
  attempt(call('sessions', {
    agentType: $('agent').value,
    workingDirectory: $('directory').value,
    initialMessage,
  }).then(({ sessionId }) => {
    if ($('first').value === initialMessage) $('first').value = '';
    openSession(sessionId);
  })).then(() => { $('go').disabled = false; });
};

$('say').onsubmit = (event) => {
  event.preventDefault();
  const session = conversation.id;
  const words = $('words').value;
  if (!words.trim()) return;
  setDraft(session, '');
  attempt(call(sessionPath(session, 'messages'), { message: words }).catch((failure) => {
    const since = session === conversation.id ? $('words').value : drafts.get(session);
    setDraft(session, since ? `${words}\n${since}` : words); // nothing that was typed is lost
    throw failure;
  }));
};

function setDraft(session, words) {
  if (session === conversation.id) $('words').value = words;
  else drafts.set(session, words);
}

for (const [field, form] of [['words', 'say'], ['first', 'start']]) {
  $(field).onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) $(form).requestSubmit();
  };
}

/** Leaves what lies on top, or interrupts the turn that is under way. */
function escape() {
  const session = known.sessions.get(conversation.id);
  if (document.body.classList.contains('menu')) {
    closeMenu();
    $('menu').focus();
  } else if (!$('start').hidden) leaveNew();
  else if (!$('session').hidden && session && !isOver(session) && session.activity !== 'idle') act('interrupt');
}

function step(by) {
  const list = newestFirst().map((session) => session.sessionId);
  const id = list[list.indexOf(conversation.id) + by];
  if (id) openSession(id, $('talk')); // not where the next j would be a letter
}

const KEYS = { n: newSession, r: () => $('session').hidden || $('raw').click(), j: () => step(1), k: () => step(-1) };

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') escape();
  if (/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) && event.target.type !== 'checkbox') return;
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

if (token) follow(listener);
else refused('Open the console by the address that vibe-runner local has printed: it holds a token.');
