// GET /api/traces?agentName=&sessionId=&userId=&status=&tag=&after=&before=&limit=&offset=&cursor=: one page of traces.
import { traceFilter } from '@/lib/filter';
import { answered } from '@/lib/http';
import { traceStore } from '@/lib/store';

export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  return answered(async () => Response.json(await traceStore().listTraces(traceFilter(searchParams))));
}
