/** Ends the process while its last write is going to fail, and prints what `onError` hears. */
import { rmSync, writeSync } from 'node:fs';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { way, path } = JSON.parse(process.argv[2]);
const onError = ({ code }, { method }) => writeSync(1, `${method} ${code}\n`);
const store = new SqliteTraceStore({ path, onError });
await store.addSpan(numberedSpan(0));
rmSync(path);

const WAYS = {
  'process.exit at once'() {
    void store.addSpan(numberedSpan(1));
    process.exit(3);
  },
  'a write in an exit listener'() {
    process.on('exit', () => void store.addSpan(numberedSpan(1)));
    process.exit(3);
  },
  'a write that is refused before it is sent'() {
    void new SqliteTraceStore({ path, onError }).addSpan({ spanId: 's' });
    process.exit(3);
  },
  'a listener for warnings that throws'() {
    process.on('warning', () => {
      throw new Error('on purpose');
    });
    void store.addSpan(numberedSpan(1));
    process.exit(3);
  },
};
WAYS[way]();
