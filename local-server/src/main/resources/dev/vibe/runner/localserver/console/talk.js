// The open conversation: what is drawn of it, in what order, and where the reader is.
import { $, call, element, problem, sessionPath, soon } from '/page.js';
import { begin, conversation } from '/conversation.js';
import { text, visible } from '/words.js';
import { waits } from '/asks.js';
import { draw } from '/entries.js';

const SHOWN_ENTRIES = 3_000;
const SPEAKERS = { user: 'You', agent: 'Agent', stderr: 'Agent, stderr' };

let next = 0; // the number of the entry that comes next
let undrawn = []; // entries that the next frame draws
let loading = false;
let failing = false; // the last fetch failed, and the page says so
let meanwhile = []; // entries that came while others were fetched
let dropped = 0; // entries that are not shown any more
let atEnd = true; // new entries are scrolled to

/** Shows a session's conversation. */
export function openTalk(id) {
  begin(id);
  next = 0;
  undrawn = [];
  dropped = 0;
  atEnd = true;
  $('entries').replaceChildren();
  $('earlier').hidden = true;
  $('below').hidden = true;
  catchUp();
}

/** An entry of the open session has come; there may be a gap before it. */
export function heard(number, entry) {
  if (loading) meanwhile.push([number, entry]);
  else if (number > next) catchUp();
  else take(number, entry);
}

/** Fetches what is not shown yet; what comes meanwhile waits. */
export async function catchUp() {
  if (loading || conversation.id === null) return;
  const { id: session, tools: opened } = conversation; // the same session may have been opened anew meanwhile
  busy(true);
  try {
    for (;;) {
      const some = await call(`${sessionPath(session, 'messages')}?from=${next}`);
      if (conversation.tools !== opened) return;
      if (some.length === 0) break;
      some.forEach(([number, entry]) => take(number, entry));
    }
    meanwhile.forEach(([number, entry]) => take(number, entry));
    if (failing) problem('');
    failing = false;
  } catch (failure) {
    failing = true;
    problem(failure.message); // the next message finds the gap, and fetches again
  } finally {
    meanwhile = [];
    busy(false);
    if (conversation.tools !== opened) catchUp();
  }
}

function busy(is) {
  loading = is;
  $('talk').setAttribute('aria-busy', is); // else all of a conversation is read out when it is opened
}

function take(number, entry) {
  if (number < next) return;
  if (number > next) undrawn.push({ from: 'server', marker: `the server no longer has the ${number - next} entries before this` });
  next = number + 1;
  undrawn.push(entry);
  drawSoon();
}

/** All that has come since the last frame at once: to read where the page is scrolled to makes the browser lay all of it out. */
const drawSoon = soon(() => {
  const drawn = undrawn.map(entryBox);
  undrawn = [];
  const shown = drawn.filter((box, i) => i >= drawn.length - SHOWN_ENTRIES || waits(box));
  dropped += drawn.length - shown.length;
  makeRoom($('entries').childElementCount + shown.length - SHOWN_ENTRIES);
  const all = document.createDocumentFragment();
  shown.forEach((box) => all.append(box));
  $('entries').append(all);
  $('earlier').hidden = dropped === 0;
  $('earlier').textContent = `the ${dropped.toLocaleString('en')} entries before these are not shown`;
  if (atEnd) toEnd();
  else if (shown.length) $('below').hidden = false;
});

/** The oldest go, but where somebody is waited for. */
function makeRoom(surplus) {
  for (let oldest = $('entries').firstElementChild; surplus > 0 && oldest;) {
    const box = oldest;
    oldest = oldest.nextElementSibling;
    if (waits(box)) continue;
    box.remove();
    dropped++;
    surplus--;
  }
}

function entryBox(entry) {
  let shown;
  try {
    shown = draw(entry);
  } catch {
    shown = { className: 'agent', parts: [text(JSON.stringify(entry.message))] };
  }
  const box = element('div', `entry ${shown?.className ?? 'quiet'}`);
  const speaker = SPEAKERS[shown?.className];
  if (speaker) box.append(element('span', 'heard', `${speaker}:`));
  const peek = element('button', 'peek', '{}');
  peek.title = 'the event as it came';
  peek.setAttribute('aria-label', 'raw event');
  peek.setAttribute('aria-expanded', false);
  peek.tabIndex = -1; // there are thousands; by keyboard r shows all
  box.append(peek, ...(shown?.parts ?? []));
  box.raw = entry;
  box.quiet = !shown;
  box.hidden = box.quiet && !$('raw').checked;
  if ($('raw').checked) toggleRaw(box);
  return box;
}

function toggleRaw(box) {
  const there = box.querySelector(':scope > .raw');
  if (there) there.remove();
  else box.append(element('pre', 'raw', visible(JSON.stringify(box.raw.message ?? box.raw, null, 1))));
  box.querySelector('.peek').setAttribute('aria-expanded', !there);
}

function toEnd() {
  $('talk').scrollTop = $('talk').scrollHeight;
  $('below').hidden = true;
}

$('entries').onclick = (event) => {
  if (event.target.classList.contains('peek')) toggleRaw(event.target.parentElement);
};

$('raw').onchange = () => {
  const follow = atEnd;
  for (const box of $('entries').children) {
    const shown = box.querySelector(':scope > .raw') !== null;
    if (shown !== $('raw').checked) toggleRaw(box);
    box.hidden = box.quiet && !$('raw').checked;
  }
  if (follow) toEnd();
};

$('talk').onscroll = () => {
  const talk = $('talk');
  atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  if (atEnd) $('below').hidden = true;
};

$('below').onclick = () => {
  toEnd();
  $('talk').focus({ preventScroll: true });
};

// A phone's keyboard comes: what was at the end stays in sight.
new ResizeObserver(() => {
  if (atEnd) toEnd();
}).observe($('talk'));
