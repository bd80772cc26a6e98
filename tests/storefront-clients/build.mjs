// Bundles the modules of docs/storefronts.md as they stand, as a storefront's own build does. What pages get as plain scripts is served from
// the packages as it is.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const page = await readFile(new URL('../../docs/storefronts.md', import.meta.url), 'utf8');

const here = fileURLToPath(new URL('.', import.meta.url));

/** A block of the page, by the name after its language. */
function block(name) {
  const found = page.match(new RegExp('^```js ' + name + '\\n([^]*?)^```$', 'm'));
  if (!found)
    throw new Error(`docs/storefronts.md has no block "${name}" any more.`);
  return found[1];
}

const modules = {
  headless: block('headless'),
  segment: block('segment') + 'window.analytics = analytics;\n',
  'segment-batched': block('segment-batched') + 'window.analytics = analytics;\n',
  alloy: "import { createInstance } from '@adobe/alloy';\nwindow.createInstance = createInstance;\n",
};

await Promise.all(Object.entries(modules).map(([name, contents]) => build({
  stdin: { contents, resolveDir: here, sourcefile: name + '.js' },
  outfile: `built/${name}.js`,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
})));
