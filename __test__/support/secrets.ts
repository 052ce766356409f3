/** A secret at every place of every document, in every form in which somebody could hand one over. */
export const SECRET = 'hunter2';
/** As far as any message may cut a number short. */
export const SECRET_NUMBER = 4111_1111;

export type Place = readonly string[];

function throws(): never {
  throw Object.assign(new Error(SECRET), { name: SECRET });
}

const once = (value: unknown): PropertyDescriptor & { reads: number } => {
  const property = {
    reads: 0,
    enumerable: true,
    configurable: true,
    get: () => (property.reads++ === 0 ? value : `${SECRET} on second thoughts`),
  };
  return property;
};

/** Puts the secret in a place in some form; `was` is what was there. */
type Plant = (holder: object, key: string, was: unknown) => void;

const value =
  (make: (was: unknown) => unknown): Plant =>
  (holder, key, was) =>
    void Reflect.defineProperty(holder, key, {
      value: make(was),
      enumerable: true,
      configurable: true,
      writable: true,
    });

export const PLANTS: Array<[form: string, plant: Plant]> = [
  ['a text that is no id', value(() => `${SECRET} `.repeat(100))],
  ['a text that is no UTF-16', value(() => `\ud800${SECRET}`)],
  ['a number', value(() => SECRET_NUMBER)],
  ['a negative number', value(() => -SECRET_NUMBER)],
  ['a fraction', value(() => SECRET_NUMBER + 0.5)],
  ['a BigInt', value(() => BigInt(SECRET_NUMBER))],
  ['a symbol', value(() => Symbol(SECRET))],
  ['a list', value(() => [SECRET, 7])],
  ['an object', value(() => ({ [SECRET]: SECRET }))],
  ['a date', value(() => Object.assign(new Date(Number.NaN), { secret: SECRET }))],
  ['a list with a lone surrogate', value(() => [`\udc00${SECRET}`])],
  [
    'an object with a getter that throws',
    value((was) => Object.defineProperty({ ...(was as object) }, SECRET, { enumerable: true, get: throws })),
  ],
  ['a list with a getter that throws', value(() => Object.defineProperty([1], 0, { get: throws }))],
  [
    'a proxy whose traps throw',
    value(() => new Proxy({}, { get: throws, ownKeys: throws, has: throws, getPrototypeOf: throws })),
  ],
  ['a toJSON that throws', value((was) => Object.assign(Object(was), { toJSON: throws }))],
  ['a toJSON that gives it', value(() => ({ toJSON: () => `${SECRET} `.repeat(100) }))],
  [
    'a getter that throws',
    (holder, key) => void Reflect.defineProperty(holder, key, { enumerable: true, get: throws }),
  ],
  [
    'a getter that gives it when it is read again',
    (holder, key, was) => void Reflect.defineProperty(holder, key, once(was)),
  ],
  ['a text larger than a write', value(() => `${SECRET} `.repeat(4000))],
  [
    'a key beside it',
    (holder) => {
      value(() => ({ toJSON: throws }))(holder, SECRET, undefined);
      value(() => `\ud800${SECRET}`)(holder, `${SECRET} `.repeat(50), undefined);
    },
  ],
];

/** Every place in a document, containers and what is in them. */
export function placesIn(document: object): Place[] {
  const places: Place[] = [];
  const visit = (object: object, above: Place): void => {
    for (const [key, member] of Object.entries(object)) {
      const place = [...above, key];
      places.push(place);
      if (typeof member === 'object' && member !== null && !(member instanceof Date)) visit(member, place);
    }
  };
  visit(document, []);
  return places;
}

/** A copy of the document with the secret in this place. */
export function planted(document: object, place: Place, plant: Plant): object {
  const copy = structuredClone(document);
  let holder = copy as Record<string, object>;
  for (const key of place.slice(0, -1)) holder = holder[key] as Record<string, object>;
  const key = place.at(-1) as string;
  plant(holder, key, holder[key]);
  return copy;
}
