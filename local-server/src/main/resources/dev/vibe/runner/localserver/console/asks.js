// What an agent waits for: a box with all that an answer is about, and a button for each answer.
import { $, attempt, call, element, sessionPath } from '/page.js';
import { conversation, said } from '/conversation.js';
import { whole } from '/words.js';

/** In Claude's words, which the runner puts into those that Codex's request knows. */
export const answer = (id, response) => ({ type: 'control_response', response: { subtype: 'success', request_id: id, response } });
export const denial = (id) => answer(id, { behavior: 'deny', message: 'denied in the console' });
/** To a request of which nothing is known but that it waits. */
export const refusal = (id) => ({ type: 'control_response', response: { subtype: 'error', request_id: id, error: 'refused in the console' } });

export const UNKNOWN = 'This page does not know what allowing it would mean, and can only refuse it. A script can send another answer (docs/local.md).';

/**
 * @param shown all that an answer is about
 * @param answers messages by word; what cannot be said has no button
 * @param callId the call that is asked for: its output settles the question, whoever answered
 */
export function drawAsk(id, title, shown, answers, note = '', callId = undefined) {
  settle(id, 'no longer asked'); // the ids of an agent's next process begin anew: a button must not answer another question
  const session = conversation.id;
  const box = element('div', 'ask', whole(title, 'title'), ...shown);
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', 'The agent waits for an answer');
  if (note) box.append(element('p', 'note', note));
  const buttons = element('p', '');
  for (const [word, label, outcome] of [['allow', 'Allow', 'allowed'], ['deny', 'Deny', 'denied']]) {
    if (!answers[word]) continue;
    const button = element('button', word, label);
    button.onclick = () => {
      const disable = (disabled) => buttons.querySelectorAll('button').forEach((each) => { each.disabled = disabled; });
      $('talk').focus({ preventScroll: true }); // the button is about to go, and the next one must not get the same keys
      disable(true);
      attempt(call(sessionPath(session, 'messages'), { message: answers[word] }).then(() => settleBox(box, outcome)))
        .then(() => disable(false));
    };
    buttons.append(button, ' ');
  }
  box.append(buttons);
  box.callId = callId;
  conversation.asks.set(String(id), box);
  return said('agent', box);
}

export function settle(id, words) {
  const box = conversation.asks.get(String(id));
  if (box) settleBox(box, words);
}

/** What was asked about a call is answered: it has an output. */
export function settleCall(id) {
  for (const box of conversation.asks.values()) if (id !== undefined && box.callId === id) settleBox(box, 'answered');
}

export const settleAll = () => conversation.asks.forEach((box) => settleBox(box, 'no longer asked'));

/** Whether somebody is waited for in there. */
export const waits = (entry) => entry.querySelector('.ask button') !== null;

function settleBox(box, words) {
  if (box.contains(document.activeElement)) $('talk').focus({ preventScroll: true });
  box.querySelectorAll('button.allow, button.deny').forEach((button) => button.remove());
  if (!box.settled) box.append(words);
  box.settled = true;
}
