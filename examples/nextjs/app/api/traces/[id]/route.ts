// GET /api/traces/:id: one trace with its spans.
import { traceStore } from '@/lib/store';

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params;
  const store = traceStore();
  const [trace, spans] = await Promise.all([store.getTrace(id), store.getSpans(id)]);
  if (!trace) return Response.json({ error: { message: `no trace ${id}` } }, { status: 404 });
  return Response.json({ trace, spans });
}
