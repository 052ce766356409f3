/** What the model remembers of what was said afterwards: lists in the order of first saying. */
import { isDeepStrictEqual } from 'node:util';
import type {
  AnnotationInput,
  LinkEnd,
  LinkInput,
  ScoreFilter,
  ScoreInput,
  SpanLink,
  TagChanges,
} from 'tracestore';

type Scored = Omit<ScoreInput, 'id'> & { id: string | undefined };
type Versioned<T> = { it: T; version: number };

export class SaidModel {
  #scores: Array<Versioned<Scored>> = [];
  readonly #annotations: Array<Versioned<AnnotationInput>> = [];
  #links: Array<Versioned<LinkInput> & { isGiven?: true }> = [];

  addScore(score: ScoreInput & { id: string }): unknown {
    return { id: score.id, ...again(this.#scores, score, ({ id }) => id === score.id) };
  }

  deleteScore(id: string): unknown {
    const left = this.#scores.filter(({ it }) => it.id !== id);
    const deleted = left.length < this.#scores.length;
    this.#scores = left;
    return { id, deleted };
  }

  /** A word on the map of a trace: `null` takes its scores away, each of others is one of its own. */
  changeMap(traceId: string, scores: Record<string, number> | null | undefined): void {
    if (scores === null) this.#scores = this.#scores.filter(({ it }) => !isMapped(it, traceId));
    for (const [name, value] of Object.entries(scores ?? {}))
      this.#scores.push({ it: { id: undefined, traceId, name, value }, version: 1 });
  }

  map(traceId: string): Record<string, number> {
    const own = this.#scores.map(({ it }) => it).filter((score) => isMapped(score, traceId));
    return Object.fromEntries(own.map(({ name, value }) => [name, value as number]));
  }

  scores({ minValue = -Infinity, maxValue = Infinity, ...equal }: ScoreFilter): unknown {
    const wantsValue = minValue > -Infinity || maxValue < Infinity;
    const found = this.#scores.filter(({ it }) => {
      const { value = Number.NaN } = it;
      if (wantsValue && !(value >= minValue && value <= maxValue)) return false;
      return Object.entries(equal).every(([key, wanted]) => it[key as 'name'] === wanted);
    });
    return found
      .toReversed()
      .map(({ it, version }) => [it.name, it.value ?? null, it.label ?? null, version]);
  }

  annotate(annotation: AnnotationInput): number {
    const { traceId, spanId, identifier } = annotation;
    const isIt = (known: AnnotationInput): boolean =>
      known.traceId === traceId && known.spanId === spanId && known.identifier === identifier;
    return again(this.#annotations, annotation, isIt).version;
  }

  annotations(traceId: string, spanId?: string): unknown {
    const isOf = ({ it }: Versioned<AnnotationInput>): boolean =>
      it.traceId === traceId && (spanId === undefined || it.spanId === spanId);
    return this.#annotations.filter(isOf).map(({ it, version }) => [it.value as unknown, version]);
  }

  addLinks(links: LinkInput[]): Array<{ version: number }> {
    return links.map((link) => {
      const isIt = ({ from, to, type }: LinkInput): boolean =>
        isDeepStrictEqual([from, to, type], [link.from, link.to, link.type]);
      const known = this.#links.find(({ it, isGiven }) => !isGiven && isIt(it));
      const isSame =
        link.attributes === undefined || isDeepStrictEqual(link.attributes, known?.it.attributes);
      return known && isSame ? { version: known.version } : this.#again(known, link);
    });
  }

  #again(known: Versioned<LinkInput> | undefined, it: LinkInput): { version: number } {
    if (known === undefined) this.#links.push({ it, version: 1 });
    else Object.assign(known, { it, version: known.version + 1 });
    return { version: known?.version ?? 1 };
  }

  /** The links of a span in the place of those that it gave; equal ones stay where they are. */
  giveLinks(from: LinkEnd, given: SpanLink[]): void {
    const links = given.map((link) => ({ type: 'correlates_to', ...link }));
    if (isDeepStrictEqual(this.givenLinks(from), links)) return;
    this.#links = this.#links.filter(({ it, isGiven }) => !(isGiven && isDeepStrictEqual(it.from, from)));
    this.#links.push(...links.map((link) => ({ it: { from, ...link }, version: 1, isGiven: true as const })));
  }

  givenLinks(from: LinkEnd): SpanLink[] {
    const own = this.#links.filter(({ it, isGiven }) => isGiven && isDeepStrictEqual(it.from, from));
    return own.map(({ it: { from: _from, ...link } }) => link);
  }

  links(end: LinkEnd): unknown {
    const isOf = ({ it }: Versioned<LinkInput>): boolean =>
      isDeepStrictEqual(it.from, end) || isDeepStrictEqual(it.to, end);
    return this.#links
      .filter(isOf)
      .map(({ it, version }) => [it.from, it.to, it.attributes ?? null, version]);
  }
}

/** First what goes, then what is new comes last. */
export function changedTags(tags: readonly string[], { add = [], remove = [] }: TagChanges): string[] {
  return [...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])];
}

function isMapped({ traceId, spanId, value }: Scored, of: string): boolean {
  return traceId === of && spanId === undefined && value !== undefined;
}

/** In the place of what it says again, or at the end. */
function again<T>(all: Array<Versioned<T>>, it: T, isIt: (known: T) => boolean): { version: number } {
  const known = all.find((one) => isIt(one.it));
  if (known === undefined) all.push({ it, version: 1 });
  else Object.assign(known, { it, version: known.version + 1 });
  return { version: known?.version ?? 1 };
}
