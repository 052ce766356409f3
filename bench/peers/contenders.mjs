// The contenders by name: how they are called in tables, what they need to run, and which package's version they have.
export const CONTENDERS = {
  tracestore: { label: 'tracestore, batches of 100', needs: 'node' },
  'node-sqlite': { label: 'node:sqlite by hand, transactions of 100', needs: 'node' },
  'mastra-libsql': {
    label: "Mastra's LibSQL store, batches of 1,000",
    needs: 'npm',
    package: '@mastra/libsql',
  },
  'mastra-duckdb': {
    label: "Mastra's DuckDB store, batches of 1,000",
    needs: 'npm',
    package: '@mastra/duckdb',
  },
  phoenix: { label: 'Arize Phoenix over HTTP, batches of 512', needs: 'python', package: 'arize-phoenix' },
};
