// The synchronous SQLite drivers for Node, which agree in exec, prepare, run(...values), get and all; loaded when asked for, as each needs its own Node.
export const DRIVERS = {
  'better-sqlite3': async (file) => {
    const { default: Database } = await import('better-sqlite3');
    return new Database(file);
  },
  'node:sqlite': async (file) => {
    const { DatabaseSync } = await import('node:sqlite');
    return new DatabaseSync(file);
  },
};
