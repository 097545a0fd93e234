// What every part of the page uses: its elements, the server, and what went wrong.

export const $ = (id) => document.getElementById(id);

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Changes a text only where it is another: what has the focus, or is selected, stays as it is. */
export function setText(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

/** A finger: the keyboard comes over half of the screen with the focus of a field, and there is no Esc. */
export const byTouch = matchMedia('(pointer: coarse)').matches;

export const token = (() => {
  const given = new URLSearchParams(location.search).get('token');
  if (given) {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname + location.hash); // not in screenshots and histories
  }
  return given ?? sessionStorage.getItem('token') ?? '';
})();

/** The server does not know this page's token: asking again is of no use. */
export class Refused extends Error {
  constructor() {
    super('This address is of an earlier start of the local server; use the one it has printed now.');
  }
}

/** What the server reads of a request, in bytes (LocalServer.java). */
const MOST_BYTES = 4_000_000;

export async function call(path, body) {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  if (body !== undefined) {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    if (bytes.length > MOST_BYTES) throw new Error(`This is ${(bytes.length / 1e6).toFixed(1)} MB, and the local server takes ${MOST_BYTES / 1e6} MB at once. Put it into a file, and name that.`);
    Object.assign(options, { method: 'POST', body: bytes });
  }
  let answer;
  try {
    answer = await fetch(`/api/${path}`, options);
  } catch {
    throw new Error('The local server does not answer.');
  }
  if (answer.status === 401) throw new Refused();
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

export const sessionPath = (id, what) => `sessions/${encodeURIComponent(id)}/${what}`;

export function problem(text) {
  setText($('problem'), text);
  $('problem').hidden = !text;
}

export const attempt = (work) => work.then(() => problem(''), (failure) => problem(failure.message));

/** The same work, once for all that ask for it until the next frame; in a tab that is not seen, which has none, a little later. */
export function soon(work) {
  let due = false;
  const run = () => {
    if (!due) return;
    due = false;
    work();
  };
  return () => {
    if (due) return;
    due = true;
    if (!document.hidden) requestAnimationFrame(run);
    setTimeout(run, 300);
  };
}
