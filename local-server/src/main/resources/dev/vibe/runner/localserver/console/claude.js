// Claude Code's messages, which the scripted agent's are like.
import { element } from '/page.js';
import { conversation, said } from '/conversation.js';
import { readable, text, whole } from '/words.js';
import { output, tool } from '/tools.js';
import { UNKNOWN, answer, denial, drawAsk, refusal, settle } from '/asks.js';

export function drawClaude(message, channel) {
  switch (message.type) {
    case 'assistant': case 'user': return drawBlocks(message.message?.content);
    case 'result': return drawResult(message);
    case 'system':
      return message.subtype === 'api_retry' ? said('marker error', text(`the model's API: ${message.error} (attempt ${message.attempt} of ${message.max_retries})`)) : null;
    case 'text': return said(channel === 'stderr' ? 'stderr' : 'agent', text(String(message.content)));
    case 'control_request': return drawRequest(message.request_id, message.request);
    case 'control_cancel_request':
      settle(message.request_id, 'no longer asked');
      return null;
    case 'control_response': case 'stream_event': case 'rate_limit_event': return null;
    default: return message.id !== undefined && 'result' in message ? null : said('agent', text(JSON.stringify(message)));
  }
}

function drawBlocks(content) {
  if (typeof content === 'string') return said('agent', text(content));
  const parts = (Array.isArray(content) ? content : []).map((block) => {
    switch (block?.type) {
      case 'text': return text(String(block.text));
      case 'thinking': return element('details', 'tool', element('summary', '', 'thinking'), text(String(block.thinking)));
      case 'tool_use': return tool(block.id, block.name, block.input);
      case 'tool_result': return output(block.tool_use_id, blocksText(block.content), block.is_error);
      default: return text(JSON.stringify(block));
    }
  }).filter(Boolean);
  return parts.length ? said('agent', ...parts) : null;
}

const blocksText = (content) => (Array.isArray(content) ? content.map((part) => part.text ?? JSON.stringify(part)).join('\n') : readable(content ?? ''));

function drawResult(message) {
  const wanted = conversation.interrupted && message.subtype === 'error_during_execution';
  conversation.interrupted = false;
  const failed = message.is_error && !wanted;
  const facts = [wanted ? 'interrupted' : failed ? `failed: ${message.result ?? message.subtype}` : 'done'];
  if (typeof message.total_cost_usd === 'number') facts.push(`$${message.total_cost_usd.toFixed(4)}`);
  if (typeof message.duration_ms === 'number') facts.push(`${(message.duration_ms / 1000).toFixed(1)} s`);
  if (typeof message.num_turns === 'number') facts.push(`${message.num_turns} turns`);
  return said(failed ? 'result error' : 'result', text(facts.join(' · ')));
}

function drawRequest(id, request) {
  if (request?.subtype !== 'can_use_tool') return drawAsk(id, 'The agent waits for an answer', [whole(readable(request))], { deny: refusal(id) }, UNKNOWN);
  const { tool_name: name, input = {} } = request;
  const parts = typeof input?.command === 'string' ? [whole(input.command, 'command')] : [];
  if (!parts.length || Object.keys(input).length > 1) parts.push(whole(readable(input)));
  return drawAsk(id, `May the agent use ${name}?`, parts, { allow: answer(id, { behavior: 'allow', updatedInput: input }), deny: denial(id) }, '', request.tool_use_id);
}
