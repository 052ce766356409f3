/** The one table of what is recorded for objects that JSON would lose: errors, collections, bytes, dates, promises. */
import { types } from 'node:util';
import { isoText } from '../../check/dates.js';
import { type Fields, isError, read, setField } from '../../check/safe-read.js';
import { binary, isBinary, Unescaped } from './binary.js';

/**
 * What is written for an object: a primitive, or a container whose members are written. Itself if JSON knows it.
 * May throw, as a subclass's methods may.
 */
export function standIn(value: object): unknown {
  if (types.isProxy(value)) return value;
  if (types.isDate(value)) return dateText(value);
  if (isError(value)) return errorFields(value);
  if (isBinary(value)) return binary(value);
  if (types.isMap(value)) return [...(entriesOf(value) as Iterable<unknown>)];
  if (types.isSet(value)) return [...(membersOf(value) as Iterable<unknown>)];
  if (types.isRegExp(value)) return String(value);
  if (types.isPromise(value)) return settledQuietly(value);
  if (types.isBoxedPrimitive(value)) return unboxed(value);
  return Unescaped.is(value) ? value : byTag(value);
}

/** Taken when this file is loaded: what somebody overrides later must not change what is recorded, or break it. */
const entriesOf = method(Map.prototype, 'entries');
const membersOf = method(Set.prototype, 'values');
const then = method(Promise.prototype, 'then');
const booleanValue = method(Boolean.prototype, 'valueOf');
const bigintValue = method(BigInt.prototype, 'valueOf');
const symbolValue = method(Symbol.prototype, 'valueOf');
const bufferToJSON: unknown = Object.getOwnPropertyDescriptor(Buffer.prototype, 'toJSON')?.value;

function method(prototype: object, name: string): (of: object, ...given: unknown[]) => unknown {
  const own: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
  return (of, ...given) => Reflect.apply(own as () => unknown, of, given);
}

/** Whether an object's `toJSON` is the one that Node gave to dates and buffers, for which the table knows better. */
export function isBuiltIn(toJSON: unknown, value: object): boolean {
  if (toJSON === bufferToJSON) return Buffer.isBuffer(value);
  return types.isDate(value) && isOfDatePrototype(value);
}

/** Whether a date's `toJSON` is that of a realm's `Date.prototype`, overridden or not: of the last but one prototype. */
function isOfDatePrototype(value: object): boolean {
  let holder: object | null = value;
  while (holder !== null && !Object.hasOwn(holder, 'toJSON'))
    holder = Object.getPrototypeOf(holder) as object;
  return holder !== null && Object.hasOwn(holder, 'setUTCMilliseconds');
}

function dateText(value: Date): unknown {
  try {
    return isoText(value);
  } catch {
    return null; // as JSON has an invalid date
  }
}

/** Fields that an error has without their being enumerable, in the order in which one reads them. */
const ERROR_FIELDS = ['name', 'message', 'code', 'stack', 'cause', 'errors'];

function errorFields(error: Error): Fields {
  const fields: Fields = {};
  for (const key of [...ERROR_FIELDS.filter((name) => name in error), ...Object.keys(error)])
    if (!Object.hasOwn(fields, key)) setField(fields, key, read(error, key));
  return fields;
}

/** Nobody else may be waiting for it: an unhandled rejection would end the process. */
function settledQuietly(promise: Promise<unknown>): Fields {
  then(promise, undefined, () => {});
  return {};
}

function unboxed(value: object): unknown {
  // Numbers and texts are asked, the others are looked into: so does JSON.
  if (types.isNumberObject(value)) return Number(value);
  if (types.isStringObject(value)) return String(value);
  if (types.isBooleanObject(value)) return booleanValue(value);
  return String(types.isBigIntObject(value) ? bigintValue(value) : symbolValue(value));
}

/** Classes of the web, told by their tag: naming them would load all of Node's `fetch`. They have no fields of their own. */
function byTag(value: object): unknown {
  if (Object.keys(value).length > 0) return value;
  switch (tagOf(value)) {
    case 'Headers':
    case 'FormData':
      return [...(value as Iterable<unknown>)];
    case 'URLSearchParams':
      return (value as URLSearchParams).toString();
    case 'Request':
      return pick(value, ['url', 'method', 'headers']);
    case 'Response':
      return pick(value, ['url', 'status', 'statusText', 'headers']);
    case 'Blob':
    case 'File':
      return { omitted: 'binary', ...pick(value, ['type', 'name']), bytes: read(value, 'size') };
    case 'DOMException':
      return errorFields(value as Error);
    default:
      return value;
  }
}

function tagOf(value: { [Symbol.toStringTag]?: unknown }): unknown {
  try {
    return value[Symbol.toStringTag];
  } catch {
    return undefined;
  }
}

function pick(value: object, keys: readonly string[]): Fields {
  const fields: Fields = {};
  for (const key of keys) fields[key] = read(value, key);
  return fields;
}
