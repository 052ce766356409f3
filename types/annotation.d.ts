/** Annotations: values of any kind that somebody attaches to a trace or a span. */

/** An annotation as it is said. */
export interface AnnotationInput {
  /** Of a trace that need not be there yet. */
  traceId: string;
  /** Of one of its spans, there or not; else the annotation is the trace's own. */
  spanId?: string;
  /** The same identifier again, of the same trace or span, replaces the annotation, which keeps its id. */
  identifier?: string;
  kind?: string;
  author?: string;
  /** Any JSON value: content. */
  value: any;
}

/** An annotation as it is read back. */
export interface Annotation extends AnnotationInput {
  id: string;
  /** When it was said first and last. */
  createdAt: Date;
  updatedAt: Date;
  /** How often it was said. */
  version: number;
}
