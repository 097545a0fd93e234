// Endpoints, sessions, and the bar over the open one.
import { $, element, setText, soon } from '/page.js';
import { conversation } from '/conversation.js';
import { visible } from '/words.js';

export const known = { endpoints: [], sessions: new Map() };

/** Heartbeats come every half minute: who has missed three is not well, whatever its connection says. */
const SILENT_MILLIS = 100_000;
const ACTIVITIES = { working: 'working', waiting: 'waits for you', idle: 'idle' };

export const isOver = (session) => session.state === 'ended' || session.state === 'failed';
export const newestFirst = () => [...known.sessions.values()].sort((a, b) => b.since - a.since);

const ago = (millis) => {
  const seconds = Math.max(0, Math.round((Date.now() - millis) / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
};

export function drawEndpoints() {
  $('endpoints').replaceChildren(...known.endpoints.map((endpoint) => {
    const versions = endpoint.metadata?.agentVersions ?? {};
    const agents = endpoint.agents.map((agent) => (versions[agent] ? `${agent} ${versions[agent]}` : agent)).join(', ') || 'no agent';
    const silent = endpoint.connected && Date.now() - endpoint.lastHeard > SILENT_MILLIS;
    const state = silent ? 'silent' : endpoint.connected ? 'connected' : 'away';
    return element('li', '', visible(endpoint.endpointId), ' ',
      element('span', `badge ${state === 'connected' ? 'ok' : 'bad'}`, state),
      element('small', '', visible(`${endpoint.sessions} of ${endpoint.maxSessions} sessions · ${agents}`)),
      element('small', '', visible(`runner ${endpoint.metadata?.runnerVersion ?? '?'} · heard ${ago(endpoint.lastHeard)} ago`)));
  }));
  drawAgents([...new Set(known.endpoints.flatMap((endpoint) => endpoint.agents))]);
}

/** Only where there are others now: who is choosing one must not lose the list. */
function drawAgents(agents) {
  const select = $('agent');
  if (agents.join() === [...select.options].map((option) => option.value).join()) return;
  const chosen = select.value;
  select.replaceChildren(...agents.map((agent) => element('option', '', agent)));
  if (agents.includes(chosen)) select.value = chosen;
}

/** How a session is, in a word: [class, words]. */
function standing({ state, activity }) {
  return state === 'running' && activity in ACTIVITIES ? [activity, ACTIVITIES[activity]] : [state, state];
}

/** Why a session has not begun. */
function pendingWhy({ state, agentType }) {
  if (state !== 'pending') return '';
  const here = known.endpoints.filter((endpoint) => endpoint.connected);
  const able = here.filter((endpoint) => endpoint.agents.includes(agentType));
  if (able.length) {
    const places = able.reduce((sum, endpoint) => sum + endpoint.maxSessions, 0);
    return `It waits for a free place: ${places === 1 ? 'the one' : `all ${places}`} of ${able.map((endpoint) => endpoint.endpointId).join(', ')} ${places === 1 ? 'is' : 'are'} taken.`;
  }
  const offered = [...new Set(here.flatMap((endpoint) => endpoint.agents))].join(', ') || 'no agent';
  return `It waits for a runner that offers ${agentType}: ${here.length ? `those connected offer ${offered}` : 'none is connected'}.`;
}

const rows = new Map(); // what is shown of a session, by its id: changed in place, for the focus may be there

function row(id) {
  if (!rows.has(id)) {
    const [title, badge, facts] = [element('span', ''), element('span', ''), element('small', '')];
    const button = element('button', '', title, ' ', badge, facts);
    button.dataset.session = id;
    rows.set(id, { title, badge, facts, button, item: element('li', '', button) });
  }
  return rows.get(id);
}

/** Sessions and the bar, soon. */
export const drawSessions = soon(() => {
  const list = $('sessions');
  newestFirst().forEach((session, at) => {
    const { title, badge, facts, button, item } = row(session.sessionId);
    const [className, words] = standing(session);
    setText(title, visible(session.title || session.sessionId.slice(0, 8)));
    setText(badge, words);
    badge.className = `badge ${className}`;
    setText(facts, visible(`${session.agentType} · ${session.messages} messages`));
    button.setAttribute('aria-current', session.sessionId === conversation.id);
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
  });
  const waiting = [...known.sessions.values()].filter((session) => session.activity === 'waiting').length;
  document.title = `${waiting ? `(${waiting}) ` : ''}Vibe console`;
  drawBar();
});

export function drawBar() {
  const session = known.sessions.get(conversation.id);
  if (!session) return;
  const [className, words] = standing(session);
  setText($('name'), session.agentType);
  setText($('state'), words);
  $('state').className = `badge ${className}`;
  setText($('where'), visible([session.workingDirectory, session.endpointId, session.detail].filter(Boolean).join(' · ')));
  $('where').title = $('where').textContent;
  setText($('why'), visible(pendingWhy(session)));
  $('why').hidden = !$('why').textContent;
  $('interrupt').disabled = isOver(session) || session.state === 'pending';
  $('stop').disabled = isOver(session);
}
