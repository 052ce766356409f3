/** Sessions: what traces belong together. */

/**
 * A conversation: what groups traces by `sessionId`.
 *
 * It exists from the first trace on that names it, and follows its traces as the fields below say, without tags and
 * metadata. The first `upsertSession` ends that: from then on it is what was given.
 */
export interface Session {
  schemaVersion: 1;
  sessionId: string;
  /** Until it is upserted that of its first trace, the one with the least start; 0 while that has none. */
  userId: number;
  /** The same. */
  auditingId: number;
  /** Until it is upserted the least start of its traces. */
  createdAt: Date;
  /** Until it is upserted the latest start or end of its traces. */
  updatedAt: Date;
  /** Not negative. Read back: the larger of this and the number of traces recorded with the session. */
  traceCount: number;
  tags: string[];
  metadata?: Record<string, any>;
  /** The user whose conversation it is, in the framework's own words; until it is upserted that of its first trace. */
  endUserId?: string;
}
