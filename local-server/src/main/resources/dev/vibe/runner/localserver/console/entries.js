// One entry of a conversation, whoever it is from.
import { conversation, said } from '/conversation.js';
import { text } from '/words.js';
import { drawAsk, refusal, settle, settleAll } from '/asks.js';
import { drawClaude } from '/claude.js';
import { drawCodex } from '/codex.js';

/** What is seen of an entry; null: nothing, but as a raw event. An agent may say any JSON, and so make this fail. */
export function draw(entry) {
  switch (entry.from) {
    case 'user': return drawUser(entry.message);
    case 'server': return drawServer(entry);
    default: return drawAgent(entry);
  }
}

function drawUser(message) {
  if (message?.type === 'control_response') {
    settle(message.response?.request_id, message.response?.response?.behavior === 'allow' ? 'allowed' : 'denied');
    return null;
  }
  if (message?.id !== undefined && ('result' in message || 'error' in message)) {
    settle(message.id, message.result?.decision === 'accept' ? 'allowed' : 'answered');
    return null;
  }
  return said('user', text(typeof message === 'string' ? message : String(message?.text ?? JSON.stringify(message))));
}

function drawServer({ marker, detail }) {
  if (marker === 'ended' || marker === 'failed') settleAll();
  if (marker === 'interrupt asked' || marker === 'stop asked') conversation.interrupted = true;
  return said('marker', text(`${marker}${detail ? `: ${detail}` : ''}`));
}

function drawAgent({ message, channel }) {
  if (message === null || typeof message !== 'object') return said('agent', text(JSON.stringify(message)));
  if (message.truncated) return drawTruncated(message);
  if (typeof message.method === 'string') return drawCodex(message);
  if (message.type === 'vibe:notice') {
    if (message.code === 'runner-restarted' || message.code === 'agent-restarted') settleAll();
    return said('marker', text(String(message.content)));
  }
  return drawClaude(message, channel);
}

function drawTruncated(message) {
  const cut = text(`a line of ${message.truncated.bytes} bytes was cut: ${message.truncated.head ?? ''}`);
  const id = message.type === 'control_request' ? message.request_id : typeof message.method === 'string' ? message.id : undefined;
  return id === undefined ? said('marker', cut)
    : drawAsk(id, 'The agent waits for an answer', [cut], { deny: refusal(id) }, 'The request was too long to be passed on whole. What is not seen cannot be allowed here.');
}
