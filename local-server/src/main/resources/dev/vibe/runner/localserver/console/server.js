// What the server tells by itself.
import { $, Refused, call, problem, setText, token } from '/page.js';

/**
 * Follows for as long as the server knows the token.
 *
 * @param listener opened(), and one method for each kind of event
 */
export function follow(listener) {
  const events = new EventSource(`/api/events?token=${encodeURIComponent(token)}`);
  events.onopen = () => {
    link('connected', 'ok');
    listener.opened();
  };
  events.onerror = () => {
    link('reconnecting', 'bad');
    if (events.readyState === EventSource.CLOSED) retry(listener); // an answer that is no stream: the browser does not tell which
  };
  for (const kind of ['endpoints', 'session', 'message']) events.addEventListener(kind, (event) => listener[kind](JSON.parse(event.data)));
}

async function retry(listener) {
  try {
    await call('sessions');
  } catch (failure) {
    if (failure instanceof Refused) {
      refused(failure.message);
      return;
    }
  }
  setTimeout(() => follow(listener), 2000);
}

/** Nothing here can be asked for any more. */
export function refused(words) {
  link('not connected', 'bad');
  $('empty').hidden = true;
  problem(words);
}

function link(words, className) {
  setText($('link'), words);
  $('link').className = `badge ${className}`;
}
