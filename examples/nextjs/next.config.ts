// The one line that tracestore needs: a native addon is required at run time, never bundled.
import type { NextConfig } from 'next';

const config: NextConfig = {
  serverExternalPackages: ['tracestore'],
  output: process.env.STANDALONE === '1' ? 'standalone' : undefined,
};

export default config;
