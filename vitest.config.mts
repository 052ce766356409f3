/** Tests run against the built package, through its public name. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['__test__/**/*.spec.ts'],
    // Tests that make writes fail would fill the screen with the warnings about them.
    execArgv: ['--no-warnings'],
    // The package is loaded by Node, as users load it, not transformed.
    server: { deps: { external: [/\/dist\//] } },
  },
});
