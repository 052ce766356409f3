/**
 * Processes and threads on one file answer random calls like the model of the contract does.
 *
 * `TRACESTORE_MODEL_MINUTES` says for how long, `TRACESTORE_MODEL_SEED` repeats one case; a failure prints its seed and
 * the fewest steps that were found to fail in the same way.
 */
import { inspect } from 'node:util';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { tempFolder } from './support.js';
import { Actors } from './support/actors.js';
import { randomCall, TENANTS, type Scope } from './support/calls.js';
import { agree, type Answer, type Call } from './support/model.js';
import { Random } from './support/random.js';
import { shrink } from './support/shrink.js';
import { StoreModel } from './support/store-model.js';

/** Of all tests here together. */
const MINUTES = Number(process.env['TRACESTORE_MODEL_MINUTES'] ?? 1);
const SEED = process.env['TRACESTORE_MODEL_SEED'];
const TESTS = 2;

vi.setConfig({ testTimeout: MINUTES * 60_000 + 240_000 });

const actors = new Actors(3, 2);
afterAll(() => actors.end());

interface Step extends Call {
  actor: number;
}

interface Difference {
  step: Step;
  answer: Answer;
  expected: Answer;
}

/** How a list of steps is made, and how its answers differ from the model's. */
interface Mode {
  make: (random: Random) => Step[];
  differs: (steps: Step[]) => Promise<Difference | undefined>;
}

/** Each step is awaited before the next one, whoever makes it: there is one right answer to all of them. */
const inTurn: Mode = {
  make: (random) =>
    Array.from({ length: 80 }, () => ({
      actor: random.below(actors.count),
      ...randomCall(random, { prefix: '' }),
    })),
  async differs(steps) {
    const model = new StoreModel();
    for (const step of steps) {
      const expected = model.answer(step);
      // oxlint-disable-next-line no-await-in-loop -- in turn is the point
      const [answer] = await actors.run(step.actor, [step]);
      if (!answer || !agree(answer, expected)) return { step, answer: answer ?? { value: 'none' }, expected };
    }
    const last = { actor: 0, tenant: '', method: 'listTenants', args: [] };
    return firstDifference([last], await actors.run(0, [last]), [model.answer(last)]);
  },
};

const scopeOf = (actor: number): Scope => ({
  prefix: `a${actor}-`,
  filter: { agentName: `agent ${actor}`, userId: actor },
});

/** All at once, each on documents of its own: to each its own answers are those it would get alone. */
const atOnce: Mode = {
  make: (random) =>
    Array.from({ length: actors.count * 60 }, (_, n) => ({
      actor: n % actors.count,
      ...randomCall(random, scopeOf(n % actors.count)),
    })),
  async differs(steps) {
    const everybody = Array.from({ length: actors.count }, (_, actor) => actor);
    const differences = await Promise.all(
      everybody.map(async (actor) => {
        const own = steps.filter((step) => step.actor === actor);
        const model = new StoreModel();
        const expected = own.map((step) => model.answer(step));
        const answers = await actors.run(actor, own);
        return firstDifference(own, answers, expected);
      }),
    );
    return differences.find((difference) => difference !== undefined) ?? (await differsInTheEnd(steps));
  },
};

/** When all is quiet everybody sees the documents of all, each as its writer left it. */
async function differsInTheEnd(steps: Step[]): Promise<Difference | undefined> {
  const models = Array.from({ length: actors.count }, () => new StoreModel());
  for (const step of steps) models[step.actor]?.answer(step);
  const checks = models.flatMap((model, owner) => {
    const calls: Call[] = TENANTS.flatMap((tenant) => [
      { tenant, method: 'walk', args: ['listTraces', { agentName: `agent ${owner}`, limit: 3 }] },
      { tenant, method: 'walk', args: ['listSessions', { userId: owner, limit: 3 }] },
    ]);
    for (const tenant of TENANTS)
      for (const n of [0, 1, 2, 3, 4])
        calls.push({ tenant, method: 'getSpans', args: [`a${owner}-trace${n}`] });
    return calls.map((call) => ({ call, expected: model.answer(call) }));
  });
  checks.push(...TENANTS.flatMap((tenant) => totals(models, tenant)));
  const calls = [...checks.map(({ call }) => call), { tenant: '', method: 'checkLists', args: [] }];
  const expected = [...checks.map((check) => check.expected), { value: null }];
  for (let actor = 0; actor < actors.count; actor++) {
    const own = calls.map(({ tenant, method, args }) => ({ actor, tenant, method, args }));
    // oxlint-disable-next-line no-await-in-loop -- all is quiet
    const difference = firstDifference(own, await actors.run(actor, own), expected);
    if (difference) return difference;
  }
  return undefined;
}

/** How many documents of a tenant everybody has written together. */
function totals(models: StoreModel[], tenant: string): Array<{ call: Call; expected: Answer }> {
  return ['traces', 'sessions'].map((key) => {
    const method = key === 'traces' ? 'listTraces' : 'listSessions';
    const call = { tenant, method, args: [{ limit: 0 }] };
    const totalOf = (model: StoreModel) => (model.answer(call) as { value: { total: number } }).value.total;
    const total = models.reduce((sum, model) => sum + totalOf(model), 0);
    return { call, expected: { value: { [key]: [], total, hasMore: total > 0, nextCursor: false } } };
  });
}

function firstDifference(steps: Step[], answers: Answer[], expected: Answer[]): Difference | undefined {
  const at = steps.findIndex((_, n) => !agree(answers[n] as Answer, expected[n] as Answer));
  if (at === -1) return undefined;
  return { step: steps[at] as Step, answer: answers[at] as Answer, expected: expected[at] as Answer };
}

/** On a file of its own. */
async function tried(mode: Mode, steps: Step[]): Promise<Difference | undefined> {
  await actors.openAll(join(tempFolder(), 'traces.db'));
  const difference = await mode.differs(steps);
  await actors.closeAll();
  return difference;
}

it.each<[string, Mode]>([
  ['each call after the one before', inTurn],
  ['all at once, each on documents of its own', atOnce],
])('three processes of two threads answer like the model: %s', async (_name, mode) => {
  const until = performance.now() + (MINUTES * 60_000) / TESTS;
  let seed = SEED === undefined ? Date.now() % 2 ** 31 : Number(SEED);
  let cases = 0;
  do {
    const steps = mode.make(new Random(seed));
    // oxlint-disable-next-line no-await-in-loop -- one file at a time
    const failure = await tried(mode, steps);
    // oxlint-disable-next-line no-await-in-loop -- ends the test
    expect(failure && (await report(seed, mode, steps, failure))).toBeUndefined();
    seed++;
    cases++;
  } while (SEED === undefined && performance.now() < until);
  console.log(`model: ${cases} cases of ${mode.make(new Random(0)).length} calls, ${_name}`);
});

async function report(seed: number, mode: Mode, steps: Step[], failure: Difference): Promise<string> {
  const smallest = await shrink({ steps, failure }, (fewer) => tried(mode, fewer));
  const text = (value: unknown) => inspect(value, { depth: 20, breakLength: 160, maxStringLength: 60 });
  const { step, answer, expected } = smallest.failure;
  return [
    `TRACESTORE_MODEL_SEED=${seed} fails; of ${steps.length} steps these ${smallest.steps.length} still do:`,
    ...smallest.steps.map(
      ({ actor, tenant, method, args }) =>
        `  actor ${actor}: of '${tenant}' ${method}(${args.map(text).join(', ')})`,
    ),
    `at actor ${step.actor}: ${step.method}(${step.args.map(text).join(', ')})`,
    `answer:   ${text(answer)}`,
    `expected: ${text(expected)}`,
  ].join('\n');
}
