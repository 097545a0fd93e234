// What is remembered of the open session while its entries are drawn.

export const conversation = {};

export function begin(id) {
  Object.assign(conversation, {
    id,
    tools: new Map(), // boxes of tool calls, by the call's id
    changes: new Map(), // Codex's changes to files, by the item's id; null: not known whole
    asks: new Map(), // boxes of what an agent waits for, by the request's id
    interrupted: false, // somebody has asked for the turn's end
  });
}

begin(null);

/** An entry as it is drawn: who or what it is, and its elements. */
export const said = (className, ...parts) => ({ className, parts });
