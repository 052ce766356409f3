// The page: ask the agent something, then see its runs, newest first, rendered on the server from the store.
import { revalidatePath } from 'next/cache';
import type { Trace } from 'tracestore';

import { answer } from '@/lib/agent';
import { traceFilter } from '@/lib/filter';
import { traceStore } from '@/lib/store';

interface Props {
  searchParams: Promise<Record<string, string>>;
}

export default async function Page({ searchParams }: Props) {
  const query = new URLSearchParams(await searchParams);
  const filter = traceFilter(query);
  const page = await traceStore().listTraces({ ...filter, limit: filter.limit ?? 20 });
  return (
    <main>
      <h1>Traces</h1>
      <form action={ask}>
        <input name="prompt" placeholder="How is the weather in Oulu?" aria-label="Question" required />
        <button>Ask</button>
      </form>
      {page.traces.length === 0 ? <p>No traces yet.</p> : <Table traces={page.traces} />}
      <footer>
        {page.total} in all
        {page.nextCursor && <a href={`?${next(query, page.nextCursor)}`}>older</a>}
      </footer>
    </main>
  );
}

async function ask(form: FormData): Promise<void> {
  'use server';
  await answer({ prompt: String(form.get('prompt')) });
  revalidatePath('/');
}

function Table({ traces }: { traces: Trace[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Started</th>
          <th>Agent</th>
          <th>Prompt</th>
          <th>Status</th>
          <th>Tokens</th>
          <th>ms</th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace) => (
          <tr key={trace.traceId}>
            <td>{trace.startedAt.toISOString().slice(0, 19).replace('T', ' ')}</td>
            <td>{trace.agentName}</td>
            <td>
              <a href={`/api/traces/${encodeURIComponent(trace.traceId)}`}>{trace.input.prompt}</a>
            </td>
            <td className={trace.status}>{trace.status}</td>
            <td>{trace.tokens?.total}</td>
            <td>{trace.durationMs}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function next(query: URLSearchParams, cursor: string): string {
  const older = new URLSearchParams(query);
  older.delete('offset');
  older.set('cursor', cursor);
  return older.toString();
}
