/** What is known of an error beside its text. */

/** An error of a span or a trace. An `Error` may be given in its place, and is recorded as this, with its causes. */
export interface ErrorInfo {
  /** The error's class or name, such as `TimeoutError`. */
  type: string;
  message: string;
  stack?: string;
  /** Of the system or the provider, such as `ECONNRESET` or `429`. */
  code?: string;
  /** What else it carries: any JSON. */
  data?: any;
  /** Whether the agent could go on. */
  recoverable?: boolean;
  /** What caused it; at most eight of them are recorded of an `Error`. */
  cause?: ErrorInfo;
}

/** An error as it is recorded: what is missing of `type` and `message` is `'Error'` and `''`. */
export type ErrorInfoInput =
  | Error
  | (Omit<ErrorInfo, 'type' | 'message' | 'cause'> & {
      type?: string;
      message?: string;
      cause?: ErrorInfoInput;
    });
