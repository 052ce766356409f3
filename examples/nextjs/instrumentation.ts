// Runs once when the server starts: records the configuration that this deployment answers with.
// Next.js bundles this file apart from the routes; both share one native engine, so one writer, all the same.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { traceStore } = await import('@/lib/store');
  const { config } = await import('@/lib/agent');
  await traceStore().ensureConfigSnapshot(config);
}
