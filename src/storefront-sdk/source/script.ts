// The script tag: window.storefront.init, and a shop started by the tag's own data-key.
import { init } from './shop';
import type { Options } from './types';

const { src, dataset } = (document.currentScript || {}) as HTMLScriptElement;
/** Unless told otherwise the platform is where the script came from. */
const start = (options: Options) => init({ endpoint: src && new URL(src).origin, ...options });

(window as any).storefront = dataset?.key
  ? Object.assign(start({ ...(dataset as any), placements: dataset.placements?.split(/[ ,]+/) }), { init: start })
  : { init: start };
