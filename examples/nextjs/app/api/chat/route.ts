// POST /api/chat {prompt, sessionId?, userId?}: runs the agent and returns its answer with the ids of what was recorded.
import { answer, type Question } from '@/lib/agent';
import { answered } from '@/lib/http';

export async function POST(request: Request): Promise<Response> {
  const question = (await request.json().catch(() => null)) as Question | null;
  if (typeof question?.prompt !== 'string') {
    return Response.json({ error: { message: 'prompt must be a string' } }, { status: 400 });
  }
  return answered(async () => Response.json(await answer(question)));
}
