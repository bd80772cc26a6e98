import { expect, test } from 'vitest';
import { over, toXdm } from '../source/xdm';

const sent = (...given: Parameters<typeof toXdm>) => JSON.parse(JSON.stringify(toXdm(...given)));
const options = { key: 'pk', website: 'base', storeView: 'de' };

test.each([
  ['addToCart', 'commerce.productListAdds'],
  ['removeFromCart', 'commerce.productListRemovals'],
  ['openCart', 'commerce.productListOpens'],
  ['shoppingCartView', 'commerce.productListViews'],
  ['productPageView', 'commerce.productViews'],
  ['startCheckout', 'commerce.checkouts'],
  ['completeCheckout', 'commerce.purchases'],
  ['signIn', 'userAccount.login'],
  ['signOut', 'userAccount.logout'],
  ['createAccount', 'userAccount.createProfile'],
  ['editAccount', 'userAccount.updateProfile'],
  ['searchRequestSent', 'searchRequest'],
  ['searchResponseReceived', 'searchResponse'],
  ['quizFinished', 'quizFinished'],
  ['constructor', 'constructor'],
])('%s is sent as %s', (name, type) => {
  const xdm = sent(name, {}, options);
  expect(xdm.eventType).toBe(type);
  if (type.startsWith('commerce.')) expect(xdm.commerce[type.slice(9)]).toEqual({ value: 1 });
  expect(xdm._id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(new Date(xdm.timestamp).toISOString()).toBe(xdm.timestamp);
  expect(xdm.commerce.commerceScope).toEqual({ websiteCode: 'base', storeViewCode: 'de' });
  expect(xdm.web.webPageDetails.URL).toBe('https://shop.test/');
});

test('an order with its lines', () => {
  const { commerce, productListItems, personalEmail } = sent(
    'completeCheckout',
    {
      cart: { id: 'c' },
      order: { id: 'o', total: 109.9, currency: 'EUR', tax: 9.9, discount: 5, shipping: 4, shippingMethod: 'post', coupon: 'SUN', email: 'a@example.com', payments: [{ paymentType: 'card' }] },
      items: [
        { sku: 'A', name: 'Bag', quantity: 3, price: 0.1, currency: 'EUR', discount: 0, image: '/a.png', categories: ['Bags/Small', { id: '7', name: 'New' }], options: { Color: 'Red' } },
        { sku: 'B', total: 12 },
        { sku: 'C' },
      ],
    },
    options,
  );
  expect(commerce).toEqual({
    purchases: { value: 1 },
    commerceScope: { websiteCode: 'base', storeViewCode: 'de' },
    cart: { cartID: 'c' },
    order: { purchaseID: 'o', priceTotal: 109.9, currencyCode: 'EUR', taxAmount: 9.9, discountAmount: 5, payments: [{ paymentType: 'card' }] },
    shipping: { shippingAmount: 4, shippingMethod: 'post' },
    promotionID: 'SUN',
  });
  expect(productListItems).toEqual([
    {
      SKU: 'A', name: 'Bag', quantity: 3, priceTotal: 0.3, currencyCode: 'EUR', discountAmount: 0, productImageUrl: '/a.png',
      categories: [{ path: 'Bags/Small' }, { id: '7', name: 'New' }], selectedOptions: [{ attribute: 'Color', value: 'Red' }],
    },
    { SKU: 'B', priceTotal: 12 },
    { SKU: 'C' },
  ]);
  expect(personalEmail).toEqual({ address: 'a@example.com' });
});

test('a search', () => {
  const filters = [{ attribute: 'color', value: ['red'] }];
  expect(sent('searchResponseReceived', { search: { id: 's', query: 'bag', results: 3, suggestions: ['bags'], filters, sort: [{ attribute: 'price', order: 'ASC' }] } }, options)).toMatchObject({
    searchResponse: { value: 1, id: 's' },
    siteSearch: { query: 'bag', numberOfResults: 3, suggestions: ['bags'], refinements: filters, sort: [{ attribute: 'price', order: 'ASC' }] },
  });
});

test('further data lies over the rest without taking it away', () => {
  const xdm = sent('addToCart', { cart: { id: 'c' }, data: { commerce: { cart: { cartSource: 'list' } }, custom: [1] } }, options);
  expect(xdm.commerce).toMatchObject({ productListAdds: { value: 1 }, cart: { cartID: 'c', cartSource: 'list' } });
  expect(xdm.custom).toEqual([1]);
});

test('data from elsewhere cannot reach what all objects share', () => {
  over({}, JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
  expect(({} as any).polluted).toBeUndefined();
});
