// Builds source/ into dist/, which the service embeds and npm publishes. With --check it changes nothing and fails when dist/ is not
// what source/ gives. Either way the script tag's core must stay small.
import { build } from 'esbuild';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const WANTED = 4096;
const MOST = 5120;

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const files = new Map();

/** Bundles a source as a classic script or a module and minifies it. */
async function bundle(name, source, format) {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    format,
    target: 'es2022',
    external: ['@personalization-platform/storefront'],
    legalComments: 'none',
    tsconfigRaw: {},
    write: false,
  });
  const { code } = await minify(outputFiles[0].text, {
    module: format === 'esm',
    compress: { passes: 3, ecma: 2020, unsafe_arrows: true, pure_getters: true },
    mangle: { toplevel: true },
    ecma: 2020,
  });
  // Beside one another they find one another, in a package as on the platform.
  files.set(name, `${code.replace('@personalization-platform/storefront', './storefront.mjs')}\n`);
}

await bundle('storefront.js', 'source/script.ts', 'iife');
await bundle('storefront.mjs', 'source/storefront.ts', 'esm');
await bundle('data-layer.js', 'source/data-layer-script.ts', 'iife');
await bundle('data-layer.mjs', 'source/data-layer.ts', 'esm');
// The types are interfaces only, so their source is their declaration.
files.set('storefront.d.ts', `${await readFile('source/types.ts', 'utf8')}
/** Starts. A page has one shop: whoever asks again is given the same. */
export declare const init: (options: Options) => Shop;
`);
files.set('data-layer.d.ts', `import type { Options, Shop } from './storefront.js';

/** Starts a shop that records what happens in the Adobe client data layer; its page views are those pushed there. */
export declare const init: (options: Options) => Shop;
/** Follows the Adobe client data layer; \`window.adobeDataLayer\` when absent. */
export declare const followDataLayer: (shop: Shop, dataLayer?: unknown[]) => void;
`);
files.set('version', `${version}\n`);

const size = (name) => gzipSync(files.get(name), { level: 9 }).length;
console.log(`storefront.js ${size('storefront.js')} bytes gzipped (at most ${WANTED} wanted), data-layer.js ${size('data-layer.js')}`);
if (size('storefront.js') > MOST) {
  console.error(`storefront.js is over ${MOST} bytes gzipped.`);
  process.exit(1);
}

if (process.argv.includes('--check')) {
  const kept = new Map();
  for (const name of await readdir('dist')) kept.set(name, await readFile(`dist/${name}`, 'utf8'));
  const differing = [...new Set([...files.keys(), ...kept.keys()])].filter((name) => files.get(name) !== kept.get(name));
  if (differing.length > 0) {
    console.error(`dist/ is not what source/ gives (npm run build): ${differing.join(', ')}`);
    process.exit(1);
  }
} else {
  await rm('dist', { recursive: true, force: true });
  await mkdir('dist');
  for (const [name, text] of files) await writeFile(`dist/${name}`, text);
}
