import type { About, Item, Order, Search, Shop } from './types';

type Contexts = Record<string, any>;

const EVENTS: Record<string, string> = {
  'product-page-view': 'productPageView',
  'add-to-cart': 'addToCart',
  'open-cart': 'openCart',
  'remove-from-cart': 'removeFromCart',
  'shopping-cart-view': 'shoppingCartView',
  'initiate-checkout': 'startCheckout',
  'place-order': 'completeCheckout',
  'sign-out': 'signOut',
  'search-request-sent': 'searchRequestSent',
  'search-response-received': 'searchResponseReceived',
  'create-requisition-list': 'createRequisitionList',
  'add-to-requisition-list': 'addToRequisitionList',
  'remove-from-requisition-list': 'removeFromRequisitionList',
  'delete-requisition-list': 'deleteRequisitionList',
};

/** Events that say who is there. */
const PERSONS = { 'sign-in': 'signIn', 'create-account': 'createAccount', 'edit-account': 'editAccount' } as const;

const list = (it: unknown): any[] => (Array.isArray(it) ? it : []);

const product = (it: Contexts): Item => {
  const price = it.pricing ?? {};
  return {
    sku: it.sku,
    name: it.name,
    price: price.specialPrice ?? price.regularPrice,
    currency: price.currencyCode ?? undefined,
    discount: price.specialPrice != null ? +(price.regularPrice - price.specialPrice).toFixed(2) : undefined,
    categories: list(it.categories),
    image: it.mainImageUrl ?? undefined,
  };
};

/** A line as the official collector reads it: the variant chosen, by its own SKU. */
const line = (it: Contexts): Item => {
  const { price, discount, ...described } = product(it.product ?? {});
  const paid = it.prices?.price;
  return {
    ...described,
    quantity: it.quantity,
    price: paid?.value ?? price,
    currency: described.currency ?? paid?.currency,
    discount: it.discountAmount ?? (discount && +(discount * it.quantity).toFixed(2)),
    options: Object.fromEntries(list(it.configurableOptions).map((option) => [option.optionLabel, option.valueLabel])),
  };
};

const order = (it: Contexts, currency?: string): Order => ({
  id: it.orderId,
  total: it.grandTotal,
  currency,
  tax: it.taxAmount ?? it.salesTax,
  discount: it.discountAmount,
  shipping: it.shipping?.shippingAmount,
  shippingMethod: it.shipping?.shippingMethod,
  coupon: it.appliedCouponCode || undefined,
  email: it.email || undefined,
  payments: list(it.payments ?? [{ paymentMethodCode: it.paymentMethodCode, total: it.grandTotal }]).map((payment) => ({
    paymentType: payment.paymentMethodCode,
    paymentAmount: payment.total,
    transactionID: payment.orderId,
    currencyCode: currency,
  })),
});

const unit = (context: Contexts | undefined, id: unknown): Contexts | undefined => {
  const units = list(context?.units);
  return units.find((it) => it.searchUnitId == id) ?? units[units.length - 1];
};

const filter = ({ attribute, eq, in: any, range }: Contexts) =>
  range ? { attribute, value: [`${range.from ?? ''}-${range.to ?? ''}`], isRange: true } : { attribute, value: any ?? [eq], isRange: false };

const search = (info: Contexts): Search | undefined => {
  const asked = unit(info.searchInputContext, info.searchUnitId);
  return (
    asked && {
      id: asked.searchRequestId,
      query: asked.phrase,
      filters: list(asked.filter).map(filter),
      sort: list(asked.sort).map(({ attribute, direction }) => ({ attribute, order: direction })),
    }
  );
};

const found = (info: Contexts): About => {
  const results = unit(info.searchResultsContext, info.searchUnitId) ?? {};
  return {
    items: list(results.products).map(({ sku, name, imageUrl }) => ({ sku, name, image: imageUrl })),
    search: {
      id: results.searchRequestId,
      query: search(info)?.query,
      results: list(results.products).length,
      suggestions: list(results.suggestions).map((it) => it.suggestion),
    },
  };
};

const about = (event: string, info: Contexts): About => {
  const cart = info.shoppingCartContext ?? {};
  const lines = list(cart.items).map(line);
  const changed = list((info.changedProductsContext ?? cart).items).map(line);
  switch (event) {
    case 'product-page-view':
      return { items: [product(info.productContext ?? {})] };
    case 'add-to-cart':
    case 'open-cart':
    case 'remove-from-cart':
      return { items: changed, cart: { id: cart.id } };
    case 'shopping-cart-view':
    case 'initiate-checkout':
      return { items: lines, cart: { id: cart.id }, order: { discount: cart.discountAmount } };
    case 'place-order':
      return { items: lines, cart: { id: cart.id }, order: order(info.orderContext ?? {}, info.storefrontInstanceContext?.storeViewCurrencyCode ?? lines[0]?.currency) };
    case 'search-request-sent':
      return { search: search(info) };
    case 'search-response-received':
      return found(info);
    default:
      return /requisition/.test(event)
        ? {
            items: list(info.requisitionListItemsContext?.items).map(line),
            data: { commerce: { requisitionList: { ID: info.requisitionListContext?.listId, name: info.requisitionListContext?.name, description: info.requisitionListContext?.description } } },
          }
        : {};
  }
};

/** Whose shop it is, as the data layer says; what it does not say stays as the shop was started. */
const scope = ({ storefrontInstanceContext: it }: Contexts): Record<string, unknown> => {
  const named = { environmentID: it?.environmentId, websiteCode: it?.websiteCode, storeCode: it?.storeCode, storeViewCode: it?.storeViewCode };
  return { commerce: { commerceScope: Object.fromEntries(Object.entries(named).filter(([, value]) => value != null)) } };
};

const pass = (shop: Shop, event: string, info: Contexts): void => {
  if (event == 'page-view') {
    shop.page({ type: info.pageContext?.pageType, name: info.pageContext?.pageName });
  } else if (Object.hasOwn(PERSONS, event)) {
    const { emailAddress, accountId } = info.accountContext ?? {};
    shop.signIn({ email: emailAddress || undefined, customerId: accountId || undefined }, PERSONS[event as keyof typeof PERSONS]);
  } else if (event == 'commerce-custom') {
    const custom = info.customContext ?? {};
    shop.track(custom.eventType ?? 'custom', { data: custom });
  } else if (Object.hasOwn(EVENTS, event)) {
    const known = about(event, info);
    shop.track(EVENTS[event]!, { ...known, data: { ...merged(merged(scope(info), known.data), info.customContext) } });
  }
};

/** The members of one over those of another, two levels deep: enough for what is put together here. */
const merged = (below: Contexts = {}, above: Contexts = {}): Contexts => {
  const both: Contexts = { ...below };
  for (const [name, value] of Object.entries(above ?? {})) {
    const under = both[name];
    both[name] = value?.constructor == Object && under?.constructor == Object ? { ...under, ...value } : value;
  }
  return both;
};

/**
 * Follows the Adobe client data layer: what is pushed there as an event, and what was before, is recorded. It works with the library of
 * that name in the page (the storefront events SDK brings it along), whether it is loaded before or after.
 */
export const followDataLayer = (shop: Shop, dataLayer: unknown[] = ((window as any).adobeDataLayer ??= [])): void => {
  dataLayer.push((layer: any) => {
    layer.addEventListener('adobeDataLayer:event', ({ event, eventInfo }: { event: string; eventInfo?: Contexts }) => {
      try {
        pass(shop, event, { ...layer.getState(), ...eventInfo });
      } catch {
        // A data layer holds whatever a page puts there; what cannot be understood is passed over.
      }
    });
  });
};
