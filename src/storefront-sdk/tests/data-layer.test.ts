import { beforeEach, expect, test, vi } from 'vitest';
import library from '../node_modules/@adobe/adobe-client-data-layer/dist/adobe-client-data-layer.min.js?raw';
import { followDataLayer } from '../source/bridge';
import type { Shop } from '../source/types';

let shop: Shop;

/** The library runs in the page, as by its script tag. */
const load = () => (0, eval)(library);

beforeEach(() => {
  (window as any).adobeDataLayer = [];
  shop = { page: vi.fn(), track: vi.fn(), signIn: vi.fn(), signOut: vi.fn() } as unknown as Shop;
});

const push = (...items: object[]) => items.forEach((it) => (window as any).adobeDataLayer.push(it));
const cart = { id: 'c', items: [{ quantity: 2, prices: { price: { value: 10, currency: 'EUR' } }, product: { sku: 'A', name: 'Bag' }, configurableOptions: [{ optionLabel: 'Size', valueLabel: 'L' }] }] };

test.each([
  ['before', [load, () => followDataLayer(shop)]],
  ['after', [() => followDataLayer(shop), load]],
])('the library may be loaded %s the bridge', (_, [first, second]) => {
  first!();
  push({ pageContext: { pageType: 'Cart' } }, { event: 'page-view' });
  second!();
  push({ shoppingCartContext: cart }, { event: 'shopping-cart-view', eventInfo: { shoppingCartContext: cart } });
  expect(shop.page).toHaveBeenCalledExactlyOnceWith({ type: 'Cart', name: undefined });
  expect(shop.track).toHaveBeenCalledExactlyOnceWith(
    'shoppingCartView',
    expect.objectContaining({
      cart: { id: 'c' },
      items: [expect.objectContaining({ sku: 'A', name: 'Bag', quantity: 2, price: 10, currency: 'EUR', options: { Size: 'L' } })],
    }),
  );
});

test.each([
  ['add-to-cart', 'addToCart'],
  ['open-cart', 'openCart'],
  ['remove-from-cart', 'removeFromCart'],
  ['initiate-checkout', 'startCheckout'],
  ['place-order', 'completeCheckout'],
  ['product-page-view', 'productPageView'],
  ['sign-out', 'signOut'],
  ['search-request-sent', 'searchRequestSent'],
  ['search-response-received', 'searchResponseReceived'],
  ['create-requisition-list', 'createRequisitionList'],
  ['delete-requisition-list', 'deleteRequisitionList'],
])('%s is %s, even when its contexts are missing', (event, name) => {
  load();
  followDataLayer(shop);
  push({ event });
  expect(shop.track).toHaveBeenCalledExactlyOnceWith(name, expect.anything());
});

test.each([
  ['sign-in', 'signIn'],
  ['create-account', 'createAccount'],
  ['edit-account', 'editAccount'],
])('%s says who is there', (event, kind) => {
  load();
  followDataLayer(shop);
  push({ event, eventInfo: { accountContext: { emailAddress: 'a@example.com', accountId: '7' } } });
  expect(shop.signIn).toHaveBeenCalledExactlyOnceWith({ email: 'a@example.com', customerId: '7' }, kind);
});

test('changed products stand before the cart, custom contexts over the rest, and the scope is told', () => {
  load();
  followDataLayer(shop);
  push({
    event: 'add-to-cart',
    eventInfo: {
      shoppingCartContext: cart,
      changedProductsContext: { items: [{ ...cart.items[0], quantity: 1 }] },
      storefrontInstanceContext: { websiteCode: 'base', storeViewCode: null },
      customContext: { commerce: { cart: { cartSource: 'list' } } },
    },
  });
  expect(shop.track).toHaveBeenCalledExactlyOnceWith('addToCart', {
    cart: { id: 'c' },
    items: [expect.objectContaining({ quantity: 1 })],
    data: { commerce: { commerceScope: { websiteCode: 'base' }, cart: { cartSource: 'list' } } },
  });
});

test('what is not understood is passed over', () => {
  load();
  followDataLayer(shop);
  push({ event: 'constructor' }, { event: 'recs-unit-view' }, { event: 'place-order', eventInfo: { orderContext: 7, shoppingCartContext: 'x' } }, { event: 'add-to-cart', eventInfo: { changedProductsContext: { items: [null] } } });
  push({ event: 'sign-out' });
  expect(shop.track).toHaveBeenLastCalledWith('signOut', expect.anything());
});
