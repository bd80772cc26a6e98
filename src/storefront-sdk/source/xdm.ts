import { uuid } from './kept';
import type { About, Item, Options } from './types';

export type Xdm = Record<string, any>;

const pairs = (text: string) => text.split(',').map((pair) => pair.split(':') as [string, string]);

/** Adobe's documented names and the XDM types they are sent as. Any other name is sent as it is; the platform knows more of them. */
const TYPES = new Map(
  pairs(
    'addToCart:commerce.productListAdds,removeFromCart:commerce.productListRemovals,openCart:commerce.productListOpens,' +
      'shoppingCartView:commerce.productListViews,productPageView:commerce.productViews,startCheckout:commerce.checkouts,' +
      'completeCheckout:commerce.purchases,signIn:userAccount.login,signOut:userAccount.logout,' +
      'createAccount:userAccount.createProfile,editAccount:userAccount.updateProfile,searchRequestSent:searchRequest,' +
      'searchResponseReceived:searchResponse',
  ),
);

/** The members of an object under the names that XDM has for them; nothing for nothing. */
const renamed = (it: any, names: string): Xdm | undefined => it && Object.fromEntries(pairs(names).map(([name, xdm]) => [xdm ?? name, it[name]]));

const isObject = (it: any): it is Xdm => it?.constructor == Object;

/** One object over another, member by member. Makes a new one, so nothing that is laid over can reach what others share. */
export const over = (below: Xdm, above?: Xdm): Xdm => {
  const both = { ...below };
  for (const name in above) both[name] = isObject(both[name]) && isObject(above[name]) ? over(both[name], above[name]) : above[name];
  return both;
};

const line = (item: Item): Xdm => ({
  ...renamed(item, 'sku:SKU,name,quantity,currency:currencyCode,discount:discountAmount,image:productImageUrl'),
  priceTotal: item.total ?? (item.price && +(item.price * (item.quantity ?? 1)).toFixed(2)),
  categories: item.categories?.map((it) => (isObject(it) ? it : { path: it })),
  selectedOptions: item.options && Object.entries(item.options).map(([attribute, value]) => ({ attribute, value })),
});

/** What happened, now and here, as XDM; whose it is is added when it may be sent. */
export const toXdm = (event: string, { items, cart, order, search, data }: About, { website, storeView }: Options): Xdm => {
  const type = TYPES.get(event) || event;
  // What XDM marks a commerce event with, e.g. commerce.productListAdds; other events have no such member.
  const measure = type.split('commerce.')[1]!;
  return over(
    {
      _id: uuid(),
      eventType: type,
      timestamp: new Date().toISOString(),
      web: { webPageDetails: { URL: location.href } },
      commerce: {
        [measure]: measure && { value: 1 },
        commerceScope: { websiteCode: website, storeViewCode: storeView },
        cart: renamed(cart, 'id:cartID'),
        order: renamed(order, 'id:purchaseID,total:priceTotal,currency:currencyCode,tax:taxAmount,discount:discountAmount,payments'),
        shipping: renamed(order, 'shipping:shippingAmount,shippingMethod'),
        promotionID: order?.coupon,
      },
      personalEmail: renamed(order, 'email:address'),
      productListItems: items?.map(line),
      siteSearch: renamed(search, 'query,results:numberOfResults,suggestions,filters:refinements,sort'),
      [type]: search && { value: 1, id: search.id },
    },
    data,
  );
};
