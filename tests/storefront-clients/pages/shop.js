// What a storefront knows and tells the SDK, in its own shapes. publish(name) is a page doing something.
const jacket = {
  productId: 1361, name: 'Juno Jacket', sku: 'WJ06-XS-Green', topLevelSku: 'WJ06', productType: 'configurable',
  pricing: { regularPrice: 77, specialPrice: 62, currencyCode: 'USD' },
  canonicalUrl: 'https://www.shop.test/juno-jacket.html', mainImageUrl: 'https://www.shop.test/media/wj06.jpg',
};
const hoodie = {
  productId: 52, name: 'Teton Pullover Hoodie', sku: 'MH02-S-Black', topLevelSku: 'MH02', productType: 'configurable',
  pricing: { regularPrice: 70, currencyCode: 'USD' }, canonicalUrl: 'https://www.shop.test/hoodie.html', mainImageUrl: 'https://www.shop.test/media/mh02.jpg',
};
const line = (id, product, price, quantity, options) => ({
  id, product, quantity, canApplyMsrp: false, formattedPrice: '$' + price, prices: { price: { value: price, currency: 'USD', regularPrice: product.pricing.regularPrice } },
  configurableOptions: options.map(([optionLabel, valueLabel], at) => ({ id: at, optionLabel, valueId: at, valueLabel })),
});
const jackets = line('1', jacket, 62, 2, [['Color', 'Green'], ['Size', 'XS']]);
const hoodies = line('2', hoodie, 70, 1, [['Color', 'Black']]);
const searchUnit = 'search-bar';

window.shop = {
  /** Tells the SDK everything an event may ask for. */
  describe(mse, { account = null, cart = 'cart-1', orderId = '000000123', listId = '7', searchRequestId = 'search-1' } = {}) {
    const { context } = mse;
    context.setStorefrontInstance({
      environmentId: '3e8a1f6c-1d2b-4c7e-9a55-0f7d5b1c2a11', environment: 'Production', storeUrl: 'https://www.shop.test', websiteId: 1, websiteCode: 'base', storeId: 1,
      storeCode: 'main_website_store', storeViewId: 1, storeViewCode: 'default', websiteName: 'Main', storeName: 'Main', storeViewName: 'Default',
      baseCurrencyCode: 'USD', storeViewCurrencyCode: 'USD', catalogExtensionVersion: '1.0.0', storefrontTemplate: 'Luma',
    });
    context.setMagentoExtension({ magentoExtensionVersion: '1.0.0' });
    // Older SDKs do not know it.
    context.setChannel?.({ _id: 'https://ns.adobe.com/xdm/channels/web', _type: 'https://ns.adobe.com/xdm/channel-types/web' });
    context.setPage({ pageType: 'PDP', pageName: 'Juno Jacket', maxXOffset: 0, maxYOffset: 0, minXOffset: 0, minYOffset: 0, ping_interval: 5, pings: 1 });
    context.setProduct(jacket);
    context.setShopper({ shopperId: account ? 'logged-in' : 'guest' });
    if (account)
      context.setAccount({ firstName: 'Jane', lastName: 'Doe', emailAddress: account.email, accountId: account.id, accountType: 'registered' });
    context.setShoppingCart({
      id: cart, items: [jackets, hoodies], totalQuantity: 3, possibleOnepageCheckout: true, giftMessageSelected: false, giftWrappingSelected: false, discountAmount: 15,
      prices: { subtotalExcludingTax: { value: 194, currency: 'USD' }, subtotalIncludingTax: { value: 210.01, currency: 'USD' } },
    });
    context.setChangedProducts?.({ items: [jackets] });
    context.setOrder({
      appliedCouponCode: 'H20', email: account?.email ?? 'guest@example.com', grandTotal: 200.01, orderId, orderType: 'checkout', otherTax: 0, salesTax: 16.01, taxAmount: 16.01,
      paymentMethodCode: 'checkmo', paymentMethodName: 'Check', payments: [{ paymentMethodCode: 'checkmo', paymentMethodName: 'Check', total: 200.01, orderId: '123' }],
      shipping: { shippingMethod: 'flatrate_flatrate', shippingAmount: 5 }, subtotalExcludingTax: 194, subtotalIncludingTax: 210.01, discountAmount: 15,
    });
    context.setSearchInput({ units: [{
      searchUnitId: searchUnit, searchRequestId, queryTypes: ['products', 'suggestions'], phrase: 'red pants', pageSize: 12, currentPage: 1,
      filter: [{ attribute: 'color', eq: 'red' }], sort: [{ attribute: 'relevance', direction: 'DESC' }],
    }] });
    context.setSearchResults({ units: [{
      searchUnitId: searchUnit, searchRequestId, page: 1, perPage: 12, facets: [], categories: [], suggestions: [{ suggestion: 'red pants', rank: 1 }],
      products: [{ name: 'Red Pants', sku: 'RP-01', url: '/rp', imageUrl: '/rp.jpg', price: 25, rank: 1 }, { name: 'Crimson Pants', sku: 'RP-02', url: '/cp', imageUrl: '/cp.jpg', price: 35, rank: 2 }],
    }] });
    context.setRequisitionList?.({ id: listId, name: 'Weekly restock', description: 'Items we buy each week' });
    context.setRequisitionListItems?.({ items: [{ ...jacket, quantity: 3, selectedOptions: [{ attribute: 'Color', value: 'Green' }] }] });
  },

  /** Publishes one event, under an id where the storefront gives one. */
  publish(name, id) {
    const mse = window.magentoStorefrontEvents;
    if (id)
      mse.context.setDebug?.({ eventId: id });
    name.startsWith('search') ? mse.publish[name](searchUnit) : mse.publish[name]();
  },
};
