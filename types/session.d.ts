/** Sessions: what traces belong together. */

/** A conversation: what groups traces by `sessionId`. */
export interface Session {
  schemaVersion: 1;
  sessionId: string;
  userId: number;
  auditingId: number;
  createdAt: Date;
  updatedAt: Date;
  /** Not negative. Read back: the larger of this and the number of traces recorded with the session. */
  traceCount: number;
  tags: string[];
  metadata?: Record<string, any>;
  /** The user whose conversation it is, in the framework's own words. */
  endUserId?: string;
}
