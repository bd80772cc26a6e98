import { followDataLayer } from './bridge';
import { init as open } from '@personalization-platform/storefront';
import type { Options, Shop } from './types';

export { followDataLayer };

/** Starts a shop that records what happens in the Adobe client data layer; its page views are those pushed there. */
export const init = (options: Options): Shop => {
  const shop = open({ pages: 'manual', ...options });
  followDataLayer(shop, options.dataLayer);
  return shop;
};
