// The contenders: their short names, how they are called in the tables of peers, what they need to run, and which package's version they have.
export const CONTENDERS = {
  tracestore: { name: 'tracestore', label: 'tracestore, batches of 100', needs: 'node' },
  'node-sqlite': { name: 'node:sqlite', label: 'node:sqlite by hand, transactions of 100', needs: 'node' },
  'mastra-libsql': {
    name: "Mastra's LibSQL store",
    label: "Mastra's LibSQL store, batches of 1,000",
    needs: 'npm',
    package: '@mastra/libsql',
  },
  'mastra-duckdb': {
    name: "Mastra's DuckDB store",
    label: "Mastra's DuckDB store, batches of 1,000",
    needs: 'npm',
    package: '@mastra/duckdb',
  },
  phoenix: {
    name: 'Arize Phoenix',
    label: 'Arize Phoenix over HTTP, batches of 512',
    needs: 'python',
    package: 'arize-phoenix',
  },
};

/** Mastra's stores, beside which `growth` and `loop` put tracestore and node:sqlite under the newer Node. */
export const MASTRA = ['mastra-libsql', 'mastra-duckdb'];
