/** Links: what follows from what, across traces, stores and systems. */

/** An end of a link: a trace, a span, a document of another store, a thing that another system has, or an address. */
export type LinkEnd =
  | { traceId: string; spanId?: string }
  | { store: string; id: string }
  | { externalId: string }
  | { url: string };

/** How one thing follows from another; any other word will do. */
export type LinkType = 'follows_from' | 'child_of' | 'correlates_to' | (string & {});

/** A link as it is given. The same ends and type again are the same link, of which only the attributes change. */
export interface LinkInput {
  from: LinkEnd;
  to: LinkEnd;
  type: LinkType;
  /** Content. */
  attributes?: Record<string, any>;
}

/** A link as it is read back. */
export interface Link extends LinkInput {
  /** When it was given first, and when its attributes changed last. */
  createdAt: Date;
  updatedAt: Date;
  /** How often its attributes were written. */
  version: number;
}

/** Which of the links of an end. */
export interface LinkOptions {
  /** `'from'`: those that lead away from it; `'to'`: those that lead to it. Default: `'both'`. */
  direction?: 'from' | 'to' | 'both';
}
