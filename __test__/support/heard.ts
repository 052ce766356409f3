/** What the spans of a trace tell of it where nobody said so, for the model. */

type Fields = Record<string, unknown>;

/** What its first root span tells. */
export function heardOf(root: Fields): Fields {
  const attributes = (root['genAiAttributes'] ?? {}) as Fields;
  const exactEnd = (root['startedAt'] as Date).getTime() + (root['durationMs'] as number);
  const heard = {
    agentName: root['name'],
    startedAt: root['startedAt'],
    sessionId: root['sessionId'],
    endUserId: root['endUserId'],
    model: attributes['gen_ai.request.model'],
    status: root['status'] === 'error' ? 'failed' : 'completed',
    completedAt: new Date(Math.floor(exactEnd)),
    exactEnd,
  };
  return Object.fromEntries(Object.entries(heard).filter(([, value]) => value !== undefined));
}

const END = new Set(['status', 'completedAt', 'exactEnd']);

/** The same of a trace whose end was told. */
export function withoutEnd(heard: Fields): Fields {
  return Object.fromEntries(Object.entries(heard).filter(([key]) => !END.has(key)));
}
