/** Copies parsed JSON: a plan is made once for a value, and followed for each copy of it. */
import { setField, type Fields } from '../check/safe-read.js';

/** How a value is copied; null for one that is no object and no array. */
export type Plan = null | ObjectPlan | ArrayPlan;

interface ObjectPlan {
  readonly spread: Spread;
  /** The fields that hold objects or arrays, and how those are copied. */
  readonly keys: string[];
  readonly plans: Plan[];
}

interface ArrayPlan {
  readonly spread: undefined;
  readonly keys: number[];
  readonly plans: Plan[];
}

type Spread = (fields: Fields) => Fields;

/**
 * V8 remembers, for each place in the code, how to copy objects of up to four shapes, and is four times as slow at a
 * place that has seen more. So there are many places, and objects with the same keys go to the same one.
 */
const SPREADS: Spread[] = [
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
  (fields) => ({ ...fields }),
];

export function planOf(value: unknown): Plan {
  if (typeof value !== 'object' || value === null) return null;
  return Array.isArray(value) ? planOfArray(value) : planOfObject(value as Fields);
}

function planOfArray(items: readonly unknown[]): Plan {
  const plan: ArrayPlan = { spread: undefined, keys: [], plans: [] };
  for (let i = 0; i < items.length; i += 1) {
    const inside = planOf(items[i]);
    if (inside === null) continue;
    plan.keys.push(i);
    plan.plans.push(inside);
  }
  return plan;
}

function planOfObject(fields: Fields): Plan {
  const names = Object.keys(fields);
  let shape = 0;
  for (const name of names) shape += name.length;
  const plan: ObjectPlan = { spread: SPREADS[shape % SPREADS.length] as Spread, keys: [], plans: [] };
  for (const name of names) {
    const inside = planOf(fields[name]);
    if (inside === null) continue;
    plan.keys.push(name);
    plan.plans.push(inside);
  }
  return plan;
}

/** A copy that shares nothing with the value that the plan was made for. */
export function copy(value: unknown, plan: Plan): unknown {
  if (plan === null) return value;
  return plan.spread === undefined ? copyArray(value as unknown[], plan) : copyObject(value as Fields, plan);
}

function copyArray(items: readonly unknown[], { keys, plans }: ArrayPlan): unknown[] {
  const fresh = items.slice();
  for (let i = 0; i < keys.length; i += 1) {
    const at = keys[i] as number;
    fresh[at] = copy(fresh[at], plans[i] as Plan);
  }
  return fresh;
}

function copyObject(fields: Fields, { spread, keys, plans }: ObjectPlan): Fields {
  const fresh = spread(fields);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as string;
    setField(fresh, key, copy(fields[key], plans[i] as Plan));
  }
  return fresh;
}
