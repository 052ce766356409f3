/** What is said of traces and spans afterwards: tables of fields, and what stays of each without content. */
import {
  absent,
  anything,
  each,
  ID,
  listOf,
  NAME,
  NUMBER,
  optional,
  RECORD,
  required,
  SOMETHING,
  TEXT,
} from '../check/checks.js';
import { LINK_END } from '../check/link-end.js';
import { leaveOutItems } from '../check/mend.js';
import { argumentShape, closedShape, shape } from '../check/shape.js';
import { keepEnd } from './allowed.js';
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

const isSpanLink = each(
  closedShape([required('to', LINK_END), optional('type', NAME), optional('attributes', RECORD, CONTENT)]),
);

/** The links that a span gives: a wrong one is left out rather than the span. */
export const LINKS = optional('links', listOf(isSpanLink), {
  content: true,
  mend: leaveOutItems(isSpanLink),
});

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
