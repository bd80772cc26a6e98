// Builds source/ into dist/, which the service embeds. With --check it only says whether dist/ is what source/ gives.
import { build } from 'esbuild';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const check = process.argv.includes('--check');
const out = check ? await mkdtemp(join(tmpdir(), 'demo-storefront-')) : 'dist';

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: { shop: 'source/main.tsx', style: 'source/style.css' },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.woff2': 'file' },
  assetNames: '[name]',
  legalComments: 'none',
});
await cp('source/index.html', join(out, 'index.html'));
await cp('source/favicon.svg', join(out, 'favicon.svg'));
await cp('node_modules/@fontsource-variable/bricolage-grotesque/LICENSE', join(out, 'bricolage-grotesque.LICENSE.txt'));
await cp('node_modules/@fontsource-variable/hanken-grotesk/LICENSE', join(out, 'hanken-grotesk.LICENSE.txt'));
await cp('node_modules/preact/LICENSE', join(out, 'preact.LICENSE.txt'));

if (check) {
  const [fresh, kept] = [await contents(out), await contents('dist')];
  await rm(out, { recursive: true });
  const differing = [...new Set([...fresh.keys(), ...kept.keys()])].filter((name) => !(fresh.get(name) && kept.get(name)?.equals(fresh.get(name))));
  if (differing.length > 0) {
    console.error(`dist/ is not what source/ gives (npm run build): ${differing.join(', ')}`);
    process.exit(1);
  }
}

async function contents(directory) {
  const files = new Map();
  for (const name of await readdir(directory)) files.set(name, await readFile(join(directory, name)));
  return files;
}
