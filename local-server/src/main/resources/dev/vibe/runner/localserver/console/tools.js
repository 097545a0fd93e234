// Calls of tools: folded, with their output inside.
import { element } from '/page.js';
import { conversation } from '/conversation.js';
import { readable, text, visible } from '/words.js';
import { settleCall } from '/asks.js';

export function tool(id, name, input) {
  const short = input?.command ?? input?.file_path ?? input?.pattern ?? '';
  const box = element('details', 'tool', element('summary', '', visible(`${name} ${short}`).slice(0, 200)), text(readable(input ?? {}), 'text code'));
  conversation.tools.set(id, box);
  return box;
}

/** Puts an output to its call; returns it where the call is not known. */
export function output(id, words, failed) {
  settleCall(id);
  const part = element('div', failed ? 'error' : '', text(words || '(no output)', 'text code'));
  const box = conversation.tools.get(id);
  if (!box) return part;
  box.append(part);
  if (failed) box.firstElementChild.append(' ✗');
  return null;
}
