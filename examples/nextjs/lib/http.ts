// Turns a refusal by the store into an answer: the caller's mistake is a 400, all else stays a 500.
import { TraceStoreError } from 'tracestore';

export async function answered(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TraceStoreError) || error.code !== 'INVALID_ARGUMENT') throw error;
    return Response.json({ error: { code: error.code, message: error.message } }, { status: 400 });
  }
}
