// Messages of Codex's app-server.
import { conversation, said } from '/conversation.js';
import { lines, markOf, readable, text, whole } from '/words.js';
import { output, tool } from '/tools.js';
import { UNKNOWN, answer, denial, drawAsk, refusal, settle } from '/asks.js';

export function drawCodex({ method, params, id }) {
  const item = params?.item;
  if (id !== undefined) return drawRequest(id, method, params);
  switch (method) {
    case 'item/started':
      if (item?.type === 'commandExecution') return said('agent', tool(item.id, 'command', { command: item.command }));
      if (item?.type === 'fileChange') {
        const changes = changesText(item.changes);
        conversation.changes.set(item.id, changes);
        return said('agent', tool(item.id, 'change', { file_path: changes && item.changes.map(({ path }) => path).join(', '), changes: item.changes }));
      }
      return null;
    case 'item/completed':
      if (item?.type === 'agentMessage') return said('agent', text(String(item.text)));
      if (item?.type === 'commandExecution') return asAgent(output(item.id, item.aggregatedOutput ?? item.status, item.exitCode !== 0));
      if (item?.type === 'fileChange') return asAgent(output(item.id, item.status, item.status !== 'completed'));
      return null;
    case 'item/fileChange/patchUpdated': {
      const changes = changesText(params?.changes);
      if (changes) conversation.changes.set(params.itemId, changes);
      return null;
    }
    case 'serverRequest/resolved':
      settle(params?.requestId, 'answered');
      return null;
    case 'turn/completed': {
      const turn = params?.turn ?? {};
      const seconds = typeof turn.durationMs === 'number' ? ` · ${(turn.durationMs / 1000).toFixed(1)} s` : '';
      return said(turn.status === 'failed' ? 'result error' : 'result', text(`${turn.status}${turn.error ? `: ${turn.error.message}` : ''}${seconds}`));
    }
    case 'error': return said('marker error', text(String(params?.error?.message ?? JSON.stringify(params))));
    default: return null;
  }
}

const asAgent = (left) => (left ? said('agent', left) : null);

/** Each change to a file as text; null where it is not known what would be changed. */
function changesText(changes) {
  const known = Array.isArray(changes) && changes.length && changes.every((change) => typeof change?.path === 'string' && typeof change.diff === 'string');
  if (!known) return null;
  const name = (path) => JSON.stringify(path).slice(1, -1); // no line of its own
  return changes.map(({ path, kind, diff }) => [
    { text: `${kind?.type ?? 'change'} ${name(path)}${kind?.move_path ? ` -> ${name(kind.move_path)}` : ''}\n` },
    ...lines(diff, markOf(kind?.type)),
  ]);
}

function drawRequest(id, method, params) {
  const either = { allow: answer(id, { behavior: 'allow' }), deny: denial(id) };
  const all = whole(readable(params));
  switch (method) {
    case 'item/commandExecution/requestApproval': case 'execCommandApproval': {
      const command = params?.command;
      return drawAsk(id, 'May the agent run this command?', command ? [whole(readable(command), 'command'), all] : [all], either, '', params?.itemId);
    }
    case 'item/fileChange/requestApproval': {
      const changes = conversation.changes.get(params?.itemId);
      if (changes) return drawAsk(id, 'May the agent make these changes?', [...changes.map((change) => whole(change, 'command')), all], either, '', params.itemId);
      return drawAsk(id, 'May the agent change files?', [all], { deny: either.deny }, 'It has not said which, or not in a line that came whole. What is not seen cannot be allowed here.', params?.itemId);
    }
    case 'applyPatchApproval': return drawAsk(id, 'May the agent make these changes?', [all], either);
    case 'item/permissions/requestApproval': return drawAsk(id, 'May the agent have these permissions?', [all], either, '', params?.itemId);
    case 'mcpServer/elicitation/request': {
      const asks = params?.requestedSchema?.required?.length > 0;
      const allow = answer(id, params?.requestedSchema ? { behavior: 'allow', updatedInput: {} } : { behavior: 'allow' });
      return drawAsk(id, 'A tool server asks', [all], asks ? { deny: either.deny } : { allow, deny: either.deny }, asks ? UNKNOWN : '');
    }
    case 'item/tool/requestUserInput': return drawAsk(id, 'The agent asks questions', [all], { deny: either.deny }, UNKNOWN, params?.itemId);
    default: return drawAsk(id, `The agent waits for an answer (${method})`, [all], { deny: refusal(id) }, UNKNOWN);
  }
}
