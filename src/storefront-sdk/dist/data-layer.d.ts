import type { Options, Shop } from './storefront.js';

/** Starts a shop that records what happens in the Adobe client data layer; its page views are those pushed there. */
export declare const init: (options: Options) => Shop;
/** Follows the Adobe client data layer; `window.adobeDataLayer` when absent. */
export declare const followDataLayer: (shop: Shop, dataLayer?: unknown[]) => void;
