/** Typed steps: what each takes, keeps without content, and offers to `redact`. */
import type { Step } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { failure, openStore, span, trace } from './support.js';
import { only, started } from './support/started.js';

const STEPS: Step[] = [
  { type: 'thought', content: 'secret', confidence: 0.4 },
  { type: 'action', name: 'search', input: { q: 'secret' } },
  { type: 'observation', content: 'secret' },
  { type: 'tool_call', toolName: 'lookup', arguments: { id: 'secret' }, result: ['secret'], durationMs: 3.5 },
  { type: 'message', role: 'user', content: 'secret' },
  {
    type: 'decision',
    question: 'secret?',
    options: ['secret', { plan: 'secret' }],
    chosen: 'secret',
    reasoning: 'secret',
    confidence: 1,
  },
  { type: 'query', queryType: 'sql', query: 'select secret', resultsCount: 0 },
  { type: 'error', errorType: 'Timeout', message: 'secret', recoverable: true },
  { type: 'custom', name: 'own', data: { any: ['secret'] } },
];

/** With a key that no step names. */
function withExtra(step: Step, extra: unknown): Step {
  return Object.assign({ ...step }, { extra });
}

describe.each(STEPS)('a step of type $type', (step) => {
  it('comes back as it went in, with keys of the caller', async () => {
    const { store } = await started();
    await store.addSpan(span({ step: withExtra(step, { kept: true }) }));
    expect((await only(store))['step']).toEqual({ ...step, extra: { kept: true } });
  });

  it('keeps its shape without content', async () => {
    const store = openStore({ captureContent: false });
    await store.startTrace(trace());
    await store.addSpan(span({ step: withExtra(step, 'secret') }));
    const read = await only(store);
    expect(JSON.stringify(read)).not.toContain('secret');
    expect(Object.keys(read['step'] as object).toSorted()).toEqual(
      [...Object.keys(step), 'omittedKeys'].toSorted(),
    );
    for (const [key, value] of Object.entries(step))
      if (!JSON.stringify(value).includes('secret')) expect(read['step']).toHaveProperty(key, value);
  });

  it('is offered to redact field by field, and recorded where that fails', async () => {
    const { store } = await started({
      redact: (value) => {
        if (JSON.stringify(value).includes('secret')) throw new Error('no');
        return value;
      },
    });
    await store.addSpan(span({ step }));
    const read = await only(store);
    expect(JSON.stringify(read)).not.toContain('secret');
    expect(read['step']).toHaveProperty('type', step.type);
  });
});

describe('a step', () => {
  it.each<[string, object, string]>([
    ['an unknown type', { type: 'dream' }, 'span.step.type'],
    ['no type', { content: 'x' }, 'span.step.type'],
    ['a missing field', { type: 'thought' }, 'span.step.content'],
    [
      'a field of another type',
      { type: 'error', errorType: 'E', message: 'm', recoverable: 'no' },
      'span.step.recoverable',
    ],
  ])('with %s is refused', async (_what, step, field) => {
    const { store } = await started();
    expect((await failure(store.addSpan(span({ step: step as never })))).field).toBe(field);
  });

  it('loses a measurement that is none, and nothing else', async () => {
    const { store, heard } = await started();
    await store.addSpan(span({ step: { type: 'thought', content: 'c', confidence: 7 } }));
    expect((await only(store))['step']).toEqual({ type: 'thought', content: 'c' });
    expect(heard).toMatchObject([{ field: 'span.step.confidence' }]);
  });
});
