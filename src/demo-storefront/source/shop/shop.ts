import { find } from './catalogue';
import { go, href, route } from './router';
import type { Item, Sdk } from './sdk';
import { server } from './server';
import { get, newCart, save, set } from './store';
import type { CartLine, Product, Session } from './types';

/** The places on a page that show dynamic blocks. */
export const placements = ['header', 'content', 'right', 'footer'];

let sdk: Sdk | undefined;

/** Comes in: who is this, what is sold, and the SDK that tells the platform. */
export async function open(): Promise<void> {
  const session = await server.session();
  const products = await server.products();
  set({ session, products });
  if (!window.storefront) throw new Error('The storefront SDK has not been loaded.');
  sdk = window.storefront.init({ key: session.key, endpoint: location.origin, website: 'base', storeView: 'default', placements, pages: 'manual' });
}

export const item = (product: Product, quantity?: number): Item => ({
  sku: product.sku, name: product.name, categories: product.categories, currency: 'EUR', price: product.price, discount: 0,
  ...(quantity ? { quantity, total: round(product.price * quantity) } : { total: product.price }),
});

export const round = (amount: number): number => Math.round(amount * 100) / 100;

export const items = (lines: CartLine[]): Item[] => lines.flatMap((line) => {
  const product = find(line.sku);
  return product ? [item(product, line.quantity)] : [];
});

/** A page has been entered. */
export function visit(name: string, type: string): void {
  sdk?.page({ name, type });
  refresh();
}

/** Tells the platform what happened, and shows what comes of it. */
export function tell(event: string, about: Parameters<Sdk['track']>[1] = {}): void {
  sdk?.track(event, about);
  refresh();
}

export function put(product: Product, quantity: number, colour?: string): void {
  const { cart } = get();
  const known = cart.lines.find((line) => line.sku === product.sku);
  const after = Math.min((known?.quantity ?? 0) + quantity, 99);
  const change = after - (known?.quantity ?? 0);
  if (change === 0) return;
  const first = cart.lines.length === 0;
  const line = { sku: product.sku, quantity: after, colour: colour ?? known?.colour };
  keep({ ...cart, lines: known ? cart.lines.map((other) => (other === known ? line : other)) : [...cart.lines, line] });
  if (first) sdk?.track('openCart', { cart: { id: cart.id }, items: [item(product, change)] });
  tell('addToCart', { cart: { id: cart.id }, items: [item(product, change)] });
}

export function take(product: Product, quantity: number): void {
  const { cart } = get();
  const known = cart.lines.find((line) => line.sku === product.sku);
  if (!known) return;
  const change = Math.min(quantity, known.quantity);
  keep({ ...cart, lines: cart.lines.flatMap((line) => (line !== known ? [line] : line.quantity > change ? [{ ...line, quantity: line.quantity - change }] : [])) });
  tell('removeFromCart', { cart: { id: cart.id }, items: [item(product, change)] });
}

export function useCoupons(coupons: string[]): void {
  keep({ ...get().cart, coupons });
  refresh();
}

function keep(cart: ReturnType<typeof newCart>): void {
  save('cart', cart);
  set({ cart, ...(cart.lines.length === 0 ? { decision: undefined } : {}) });
}

export async function signIn(who: { customerId: string } | { email: string; firstName?: string }): Promise<void> {
  const before = get().session;
  const session = await server.signIn(who);
  const isNew = !('customerId' in who) && session.customerId !== before?.customerId;
  sdk?.signIn({ customerId: session.customerId, email: session.email }, isNew ? 'createAccount' : 'signIn');
  await welcome(session);
  say(`Signed in as ${session.firstName}.`);
}

export async function signOut(): Promise<void> {
  sdk?.signOut();
  await sdk?.flush();
  await welcome(await server.signOut());
  say('Signed out.');
}

/** Prices may depend on who is signed in. */
async function welcome(session: Session): Promise<void> {
  set({ session, products: await server.products() });
  refresh();
}

/** Another browser, as it were: nothing of before is known of it. */
export async function startOver(): Promise<void> {
  await sdk?.flush();
  await server.startOver();
  for (const storage of [localStorage, sessionStorage]) storage.clear();
  save('panel', get().panel);
  location.assign(href('/'));
}

/** Orders what is in the cart. */
export async function order(email: string | undefined): Promise<void> {
  const { cart, decision, session } = get();
  const placed = await server.order({ cart: wire(), email, total: decision?.cart?.totals.grandTotal ?? 0 });
  sdk?.track('completeCheckout', {
    cart: { id: cart.id },
    order: {
      id: placed.number, total: placed.total, currency: 'EUR', discount: placed.discount, shipping: placed.shipping, email: session?.email ?? placed.email,
      ...(placed.coupon ? { coupon: placed.coupon } : {}), shippingMethod: 'flatrate_flatrate',
      payments: [{ paymentType: 'demo', paymentAmount: placed.total, currencyCode: 'EUR' }],
    },
    items: placed.items.map((line) => ({ ...item(find(line.sku)!, line.quantity), discount: line.discount })),
  });
  save('order', placed);
  set({ order: placed });
  keep(newCart());
  go('/order/' + placed.number);
  refresh();
}

export function say(text: string, link?: { href: string; text: string }): void {
  set({ notice: { text, link } });
}

/** The cart as the demo's server reads it. */
const wire = () => {
  const { cart } = get();
  return { id: cart.id, items: cart.lines.map((line) => ({ sku: line.sku, quantity: line.quantity })), coupons: cart.coupons };
};

/** The product that the page in view is about. */
const viewed = (): string | undefined => {
  const { page, rest } = route();
  return page === 'p' ? rest[0] : undefined;
};

let waiting: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | undefined;
let again = false;

/** Asks for everything anew: once, shortly after the last of several changes. */
export function refresh(): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (running) again = true;
    else run();
  }, 30);
}

function run(): void {
  running = decide().catch((error: unknown) => set({ failure: error instanceof Error ? error.message : String(error) })).finally(() => {
    running = undefined;
    if (again) {
      again = false;
      run();
    }
  });
}

async function decide(): Promise<void> {
  if (!sdk) return;
  // What happened first, so that the decision knows of it.
  await sdk.flush();
  const { cart, session } = get();
  const product = viewed();
  const about = {
    ...(product ? { product } : {}),
    // Who is signed in belongs to a group, which this shop knows.
    shopper: { identities: [{ namespace: 'FPID', id: sdk.device }], website: 'base', storeView: 'default', customerGroup: session?.customerGroup ?? 0 },
    ...(cart.lines.length > 0 ? { cart: { id: cart.id, currency: 'EUR', items: cart.lines.map((line) => ({ id: line.sku, sku: line.sku, quantity: line.quantity })), coupons: cart.coupons, shipping: { method: 'flatrate_flatrate', amount: session?.shipping ?? 0 } } } : {}),
  };
  const lists = product ? ['related', 'upsell', 'crosssell'] : cart.lines.length > 0 ? ['crosssell'] : [];
  const decided = lists.length > 0 ? sdk.decide({ ...about, relatedProducts: { lists } }) : Promise.resolve({});
  const [decision] = await Promise.all([decided, sdk.blocks(placements, about)]);
  if (viewed() === product) set({ decision, failure: undefined });
  if (get().panel) await look();
}

/** Looks behind the counter. */
export async function look(): Promise<void> {
  const product = viewed();
  try {
    const insight = await server.insight({ placements, ...(product ? { product } : {}), ...(get().cart.lines.length > 0 ? { cart: wire() } : {}) });
    set({ insight, insightError: undefined });
  } catch (error) {
    set({ insightError: error instanceof Error ? error.message : String(error) });
  }
}

/** While the panel is open and the page in view, time alone changes things too. */
setInterval(() => {
  if (get().panel && document.visibilityState === 'visible' && !running) void look();
}, 5000);
