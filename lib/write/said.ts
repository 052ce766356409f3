/** What is said of traces and spans afterwards: tables of fields, and what stays of each without content. */
import {
  absent,
  anything,
  ID,
  NAME,
  NUMBER,
  optional,
  RECORD,
  required,
  SOMETHING,
  TEXT,
} from '../check/checks.js';
import { LINK_END } from '../check/link-end.js';
import { copyFields, isObject } from '../check/safe-read.js';
import { argumentShape, closedShape, shape } from '../check/shape.js';
import { keep, keepName, omitText, omitValue, type AllowList } from './capture.js';
import { CONTENT, TAGS } from './shape-parts.js';

/** `updateTraceTags`, `updateSpanTags`. */
export const TAG_CHANGES = closedShape([optional('add', TAGS), optional('remove', TAGS)]);

/** What the store writes itself. */
const STAMPED = ['createdAt', 'updatedAt', 'version'].map((name) => absent(name, 'the store writes it'));

/** `addScore`. */
export const SCORE = shape([
  optional('id', ID),
  required('traceId', ID),
  optional('spanId', ID),
  required('name', NAME),
  optional('value', NUMBER),
  optional('label', NAME),
  optional('reason', TEXT, CONTENT),
  optional('source', NAME),
  optional('author', NAME),
  optional('metadata', RECORD, CONTENT),
  ...STAMPED,
]);

/** `addAnnotation`. */
export const ANNOTATION = shape([
  absent('id', 'the store gives it; identifier names what is to be replaced'),
  required('traceId', ID),
  optional('spanId', ID),
  optional('identifier', ID),
  optional('kind', NAME),
  optional('author', NAME),
  { ...anything('value'), check: SOMETHING, required: true },
  ...STAMPED,
]);

/** `addLinks`: a link has no place for fields of the caller's own but its attributes. */
export const LINK = closedShape([
  required('from', LINK_END),
  required('to', LINK_END),
  required('type', NAME),
  optional('attributes', RECORD, CONTENT),
]);

/** `deleteScore`, `deleteAnnotation`. */
export const BY_ID = argumentShape([required('id', ID)]);

export const SCORE_ALLOWED: AllowList = {
  id: keep,
  traceId: keep,
  spanId: keep,
  name: keepName,
  value: keep,
  label: keepName,
  reason: omitText,
  source: keepName,
  author: keepName,
  metadata: omitValue,
};

export const ANNOTATION_ALLOWED: AllowList = {
  traceId: keep,
  spanId: keep,
  identifier: keep,
  kind: keepName,
  author: keepName,
  value: omitValue,
};

/** Where a link leads is what it is. */
export const LINK_ALLOWED: AllowList = {
  from: keepEnd,
  to: keepEnd,
  type: keepName,
  attributes: omitValue,
};

/** A copy: what was checked is what is stored. */
function keepEnd(end: unknown): unknown {
  return isObject(end) ? copyFields(end) : omitValue(end, false);
}
