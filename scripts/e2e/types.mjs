// Type checks of consumer code against the installed package: the module resolutions in use, two TypeScript majors.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bin, project } from './project.mjs';
import { run } from './run.mjs';
import { root } from './tarballs.mjs';

const resolutions = {
  'node16, CommonJS': { file: 'consumer.cts', options: { module: 'node16', moduleResolution: 'node16' } },
  'node16, ESM': { file: 'consumer.mts', options: { module: 'node16', moduleResolution: 'node16' } },
  bundler: { file: 'consumer.ts', options: { module: 'esnext', moduleResolution: 'bundler' } },
};
const common = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'es2022',
  types: ['node'],
};

export default async function types(check) {
  const folder = await project('types', {
    from: 'types',
    packages: ['typescript@5.9.3', '@types/node@20.19.43'],
  });
  const compilers = { 5.9: bin(folder, 'tsc'), 7: bin(root, 'tsc') };
  cpSync(join(folder, 'consumer.ts'), join(folder, 'consumer.cts'));
  cpSync(join(folder, 'consumer.ts'), join(folder, 'consumer.mts'));
  for (const [resolution, { file, options }] of Object.entries(resolutions)) {
    const config = { compilerOptions: { ...common, ...options }, files: [file] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [version, tsc] of Object.entries(compilers)) {
      await check(`${resolution}, TypeScript ${version}`, () => run(tsc, ['-p', folder], { cwd: folder }));
    }
  }
}
