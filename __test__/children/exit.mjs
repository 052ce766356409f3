/** Accepts writes that nobody awaits and ends in the way it is told. */
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { way, paths, tenant = '', traceId, ticks = 0, count, bytes, options } = JSON.parse(process.argv[2]);
const stores = paths.map((path) => new SqliteTraceStore({ path, ...options }).forTenant(tenant));

function write(from = 0, to = count) {
  for (let n = from; n < to; n++) {
    for (const store of stores) void store.addSpan(numberedSpan(n, { traceId, bytes }));
  }
}

/** Before ours, which a store registers when it is first used. */
function listenBefore(listener, to = count) {
  process.on('exit', listener);
  write(0, to);
}

/** After ours. */
function listenAfter(listener) {
  write(0, 1);
  process.on('exit', listener);
}

const WAYS = {
  'the loop runs empty': () => write(),
  'the loop runs empty, with an exit code'() {
    write();
    process.exitCode = 3;
  },
  'process.exit at once'() {
    write();
    process.exit(3);
  },
  'process.exit in a microtask'() {
    write();
    void Promise.resolve().then(() => process.exit(3));
  },
  'process.exit in nextTick'() {
    write();
    process.nextTick(() => process.exit(3));
  },
  'process.exit in a later tick'() {
    write();
    setImmediate(() => process.exit(3));
  },
  'process.exit after writes over several ticks'() {
    write(0, count / 2);
    setImmediate(() => {
      write(count / 2);
      process.exit(3);
    });
  },
  'process.exit from beforeExit'() {
    write();
    process.on('beforeExit', () => process.exit(3));
  },
  'process.exit from an earlier exit listener': () => listenBefore(() => process.exit(3)),
  'process.exit from a later exit listener'() {
    listenAfter(() => process.exit(3));
    write(1);
  },
  'process.exit at once, and again from an earlier exit listener'() {
    listenBefore(() => process.exit(3));
    process.exit(4);
  },
  'process.exit at once, and again from a later exit listener'() {
    listenAfter(() => process.exit(3));
    write(1);
    process.exit(4);
  },
  'writes in an earlier exit listener': () => process.on('exit', () => write()),
  'writes in an earlier exit listener, then process.exit'() {
    listenBefore(() => {
      write(1);
      process.exit(3);
    }, 1);
  },
  'writes in a later exit listener': () => listenAfter(() => write(1)),
  'writes in a later exit listener, then process.exit'() {
    listenAfter(() => {
      write(1);
      process.exit(3);
    });
  },
  'an uncaught exception'() {
    write();
    throw new Error('uncaught on purpose');
  },
  'an uncaught exception in a later tick'() {
    write();
    setImmediate(() => {
      throw new Error('uncaught on purpose');
    });
  },
  'an uncaught exception that a handler turns into process.exit'() {
    process.on('uncaughtException', () => process.exit(3));
    write();
    throw new Error('uncaught on purpose');
  },
  'a rejected promise'() {
    write();
    void Promise.reject(new Error('rejected on purpose'));
  },
  'process.reallyExit in a later tick'() {
    write();
    setImmediate(() => process.reallyExit(3));
  },
  'SIGTERM with a handler that awaits flush'() {
    // Without something of ours the loop would not wait for the signal.
    setInterval(() => {}, 1000);
    process.once('SIGTERM', async () => {
      await Promise.all(stores.map((store) => store.flush()));
      // Nobody listens now: the second one ends the process on the spot, without any layer of ours.
      process.kill(process.pid, 'SIGTERM');
    });
    write();
    process.kill(process.pid, 'SIGTERM');
  },
};

// So that some commit is under way when the end begins.
for (let n = 0; n < ticks; n++) {
  for (const store of stores) void store.addSpan(numberedSpan(n, { traceId: `${traceId} before`, bytes }));
  await new Promise((resolve) => setImmediate(resolve));
}
WAYS[way]();
