/** Tests run against the built package, through its public name. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['__test__/**/*.spec.ts'],
    // The package is loaded by Node, as users load it, not transformed.
    server: { deps: { external: [/\/dist\//] } },
  },
});
