/**
 * `tracestore/vitest`: name it in vitest's `setupFiles`, so that writes that nobody awaits are committed when a forked
 * process of vitest's is stopped. It exports nothing, and does nothing in vitest's threads, which need no help.
 *
 * @module
 */
// oxlint-disable-next-line unicorn/require-module-specifiers -- makes it a module
export {};
