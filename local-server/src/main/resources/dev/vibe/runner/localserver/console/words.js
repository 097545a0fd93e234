// What agents say is hostile: it reaches the page as text nodes, never as HTML, and with nothing in it that is not seen.
import { element } from '/page.js';

const SHOWN_CHARS = 20_000;

/** Text as it may be shown: control characters made visible, colours of terminals too. */
export const visible = (text) => String(text)
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/g,
    (c) => (c.charCodeAt(0) < 32 ? String.fromCharCode(0x2400 + c.charCodeAt(0)) : '�'));

/** What would not be seen as \u{..}: what looks like one command may be another. */
const exact = (text) => visible(text)
  .replace(/[\p{Cf}\p{DI}\u2800\r]|(?! )\p{Zs}/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

// A text is a string, or parts: [{ text, className }, ...].
const parts = (value) => (typeof value === 'string' ? [{ text: value }] : value);
const spans = (all, safe) => all.map(({ text, className }) => (className ? element('span', className, safe(text)) : safe(text)));

/** Text; a long one is cut until somebody wants all of it. */
export function text(value, className = 'text') {
  const all = parts(value ?? '');
  const length = all.reduce((sum, part) => sum + part.text.length, 0);
  if (length <= SHOWN_CHARS) return element('div', className, ...spans(all, visible));
  let left = SHOWN_CHARS;
  const head = all.map((part) => {
    const cut = part.text.slice(0, left);
    left -= cut.length;
    return { ...part, text: cut };
  });
  const more = element('button', '', `show all ${length.toLocaleString('en')} characters`);
  const box = element('div', className, ...spans(head, visible), ' … ', more);
  more.onclick = () => box.replaceChildren(...spans(all, visible));
  return box;
}

/** What somebody is to allow: never cut, in the order of its characters, nothing in it invisible. */
export function whole(value, className = '') {
  return element('pre', `whole ${className}`, ...spans(parts(value), exact));
}

/** Each line with a mark, so that no line of a text passes for anything else: + and - say what comes and goes. */
export function lines(text, mark) {
  if (mark === 'diff') return diff(text);
  const className = { '+': 'added', '-': 'removed' }[mark];
  return [{ text: `${text.split('\n').map((line) => mark + line).join('\n')}\n`, className }];
}

function diff(text) {
  const all = [];
  for (const line of text.split('\n')) {
    const className = { '+': 'added', '-': 'removed' }[line[0]];
    const shown = `${/^([-+ @\\]|$)/.test(line) ? line : `| ${line}`}\n`;
    if (all.length && all.at(-1).className === className) all.at(-1).text += shown;
    else all.push({ text: shown, className });
  }
  return all;
}

/** How a change's text is marked: what a file gets, what it loses, or both. */
export const markOf = (kind) => ({ add: '+', delete: '-' })[kind] ?? 'diff';

function mark(key, owner) {
  const kind = owner.kind?.type ?? owner.type;
  switch (key) {
    case 'old_string': return '-';
    case 'new_string': case 'new_source': return '+';
    case 'content': return 'file_path' in owner || kind === 'add' ? '+' : kind === 'delete' ? '-' : '| ';
    case 'diff': case 'unified_diff': return markOf(kind);
    default: return '| ';
  }
}

const DEEPEST = 8;
const isLines = (value, key, owner) => typeof value === 'string' && (value.includes('\n') || mark(key, owner) !== '| ');
const hasLines = (value, depth) => value !== null && typeof value === 'object' && depth < DEEPEST
  && Object.entries(value).some(([key, each]) => isLines(each, key, value) || hasLines(each, depth + 1));

/** A value for reading, as text: JSON, but what is lines as lines. Nothing is left out. */
export function readable(value) {
  if (typeof value === 'string') return value;
  if (!hasLines(value, 0)) return JSON.stringify(value, null, 1) ?? 'nothing';
  const all = [];
  const write = (owner, depth) => Object.entries(owner).forEach(([key, each]) => {
    const indent = ' '.repeat(depth);
    const label = `${indent}${Array.isArray(owner) ? `[${key}]` : JSON.stringify(key)}:`;
    if (isLines(each, key, owner)) {
      all.push({ text: `${label}\n` }, ...lines(each, mark(key, owner)));
    } else if (hasLines(each, depth + 1)) {
      all.push({ text: `${label}\n` });
      write(each, depth + 1);
    } else {
      all.push({ text: `${label} ${JSON.stringify(each, null, 1).replaceAll('\n', `\n${indent}`)}\n` });
    }
  });
  write(value, 0);
  return all;
}
