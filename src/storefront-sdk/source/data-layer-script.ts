// The script tag of the bridge. It stands after the storefront's own.
import { followDataLayer } from './bridge';
import type { Options, Shop } from './types';

const storefront: { init(options: Options): Shop } & Partial<Shop> = (window as any).storefront;
const { init } = storefront;
if (storefront.track) followDataLayer(storefront as Shop);
else {
  storefront.init = (options) => {
    const shop = init({ pages: 'manual', ...options });
    followDataLayer(shop, options.dataLayer);
    return shop;
  };
}
