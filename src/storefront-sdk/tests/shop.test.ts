import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { current, platform } from './platform';
import type { Options, Shop } from '../source/types';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** As on a page of its own. */
const open = async (options: Partial<Options> = {}): Promise<Shop> => {
  vi.resetModules();
  const { init } = await import('../source/storefront');
  return init({ key: current.key, endpoint: 'https://platform.test', ...options });
};
const soon = () => vi.advanceTimersByTimeAsync(300);

let opened = 0;

beforeEach(() => {
  current.key = `pk_${++opened}`;
  vi.useFakeTimers();
  history.replaceState({}, '', '/');
});

afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  for (const cookie of document.cookie.split('; ')) document.cookie = `${cookie.split('=')[0]}=; path=/; max-age=0; secure`;
  document.body.replaceChildren();
});

test('a page has one shop', async () => {
  platform();
  const shop = await open();
  const { init } = await import('../source/storefront');
  expect(init({ key: 'another' })).toBe(shop);
});

test('events name the device, which is made once', async () => {
  const { events } = platform();
  const shop = await open();
  shop.track('addToCart');
  await soon();
  expect(shop.device).toMatch(UUID);
  expect(events().map((it) => it.identityMap)).toEqual(Array(2).fill({ FPID: [{ id: shop.device, primary: true }] }));
  expect((await open()).device).toBe(shop.device);
});

test('a page is counted by itself, or as the shop describes it in time, and once', async () => {
  const { events } = platform();
  const shop = await open();
  shop.page({ type: 'Product', name: 'Duffel' });
  await soon();
  shop.page();
  await soon();
  expect(events()).toHaveLength(1);
  expect(events()[0]).toMatchObject({
    eventType: 'web.webpagedetails.pageViews',
    web: { webPageDetails: { URL: 'https://shop.test/', name: 'Duffel', siteSection: 'Product', pageViews: { value: 1 } } },
  });
});

test('a shop that counts its pages itself is not helped', async () => {
  const { events } = platform();
  const shop = await open({ pages: 'manual' });
  history.pushState({}, '', '/a');
  await soon();
  expect(events()).toHaveLength(0);
  shop.page();
  await soon();
  expect(events()).toHaveLength(1);
});

test('nothing is sent or kept before the choice, then the choice goes first', async () => {
  const { requests, events } = platform();
  const shop = await open({ consent: 'pending' });
  shop.track('addToCart');
  await soon();
  expect([requests.length, document.cookie, localStorage.length, shop.device]).toEqual([0, '', 0, undefined]);
  shop.consent('in');
  await soon();
  expect(events().map((it) => it.eventType)).toEqual(['privacy.setConsent', 'commerce.productListAdds', 'web.webpagedetails.pageViews']);
  expect(events()[0].consents).toEqual({ collect: { val: 'y' }, personalize: { content: { val: 'y' } } });
  expect(events().every((it) => it.identityMap.FPID[0].id == shop.device)).toBe(true);
});

test('no more than 200 events wait for the choice, the first', async () => {
  const { events } = platform();
  const shop = await open({ consent: 'pending', pages: 'manual' });
  for (let i = 0; i < 250; i++) shop.track(`e${i}`);
  shop.consent('in');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(events()).toHaveLength(201);
  expect([events()[1].eventType, events()[200].eventType]).toEqual(['e0', 'e199']);
});

test('a refusal is told and nothing else, and the device forgotten', async () => {
  const { events } = platform();
  const shop = await open({ pages: 'manual' });
  const { device } = shop;
  shop.track('addToCart');
  shop.consent('out');
  shop.track('removeFromCart');
  await soon();
  expect(events()).toHaveLength(1);
  expect(events()[0]).toMatchObject({ identityMap: { FPID: [{ id: device }] }, consents: { collect: { val: 'n' } } });
  expect(shop.device).toBeUndefined();
  expect(document.cookie).toBe('pp_consent=out');
  const next = await open({ consent: 'in', pages: 'manual' });
  next.track('addToCart');
  await soon();
  expect([events().length, next.device]).toEqual([1, undefined]);
});

test('who never had a device is refused in silence', async () => {
  const { requests } = platform();
  (await open({ consent: 'pending' })).consent('out');
  await soon();
  expect(requests).toHaveLength(0);
});

test('a choice that stands is not told again', async () => {
  const { events } = platform();
  const shop = await open({ pages: 'manual' });
  shop.consent('in');
  shop.consent('in');
  await soon();
  expect(events()).toHaveLength(1);
});

test('a sign-in names the person beside the device', async () => {
  const { events } = platform();
  const shop = await open({ pages: 'manual' });
  shop.signIn({ email: 'a@example.com', customerId: '7' });
  shop.signIn({ email: 'b@example.com' }, 'createAccount');
  shop.signOut();
  await soon();
  expect(events().map((it) => [it.eventType, it.identityMap])).toEqual([
    ['userAccount.login', { FPID: [{ id: shop.device, primary: true }], email: [{ id: 'a@example.com' }], CustomerId: [{ id: '7' }] }],
    ['userAccount.createProfile', { FPID: [{ id: shop.device, primary: true }], email: [{ id: 'b@example.com' }] }],
    ['userAccount.logout', { FPID: [{ id: shop.device, primary: true }] }],
  ]);
});

test('an event that cannot be written down harms nobody', async () => {
  const { events } = platform();
  const shop = await open({ pages: 'manual' });
  const circular: any = {};
  circular.self = [circular];
  shop.track('broken', { data: circular });
  shop.track('whole');
  await soon();
  expect(events().map((it) => it.eventType)).toEqual(['whole']);
});

test('a decision is asked for after the events, without a preflight, and its turns are remembered', async () => {
  const answer = { blocks: { placements: {}, rotation: { hero: 't1' } }, cacheableUntil: '' };
  const { requests } = platform({ body: answer });
  const shop = await open({ pages: 'manual', website: 'base', storeView: 'de' });
  shop.track('addToCart');
  expect(await shop.decide({ placements: ['header'], product: 'A', cart: { items: [] } })).toEqual(answer);
  await shop.decide({ placements: ['header'] });
  expect(requests.map((it) => it.url)).toEqual([
    `https://platform.test/v1/events/storefront?key=${current.key}`,
    `https://platform.test/v1/decisions?key=${current.key}`,
    `https://platform.test/v1/decisions?key=${current.key}`,
  ]);
  expect(JSON.parse(requests[1]!.init.body as string)).toEqual({
    shopper: { identities: [{ namespace: 'FPID', id: shop.device }], website: 'base', storeView: 'de' },
    blocks: { placements: ['header'] },
    product: 'A',
    cart: { items: [] },
  });
  expect(requests[1]!.init.headers).toBeUndefined();
  expect(JSON.parse(requests[2]!.init.body as string).blocks.rotation).toEqual({ hero: 't1' });
});

test.each([
  ['a refusal', { consent: 'out' as const }, undefined],
  ['no choice yet', { consent: 'pending' as const }, undefined],
  ['privacy control', {}, true],
])('with %s nothing is targeted', async (_, options, control) => {
  const { requests } = platform();
  Object.defineProperty(navigator, 'globalPrivacyControl', { value: control, configurable: true });
  const shop = await open({ pages: 'manual', ...options });
  await shop.decide({ placements: ['header'] });
  expect(requests[0]!.url).toBe(`https://platform.test/v1/decisions?key=${current.key}&targeting=out`);
  delete (navigator as any).globalPrivacyControl;
});

test('a decision that is refused says so', async () => {
  platform({ status: 403 });
  const shop = await open({ pages: 'manual' });
  await expect(shop.decide()).rejects.toThrow('403');
});

test('blocks are placed once, and what was there comes back', async () => {
  const block = { block: 'b', key: 'hero', name: 'Hero', content: '<b>Hi</b>' };
  const answer = (...blocks: object[]) => ({ status: 200, body: { blocks: { placements: { header: blocks } } } });
  const { requests } = platform(answer(block), answer(block), answer());
  document.body.innerHTML = '<div data-pp-placement="header"><i>Own</i></div><div data-pp-placement="other">Other</div>';
  const shop = await open({ pages: 'manual' });
  const [header, other] = document.body.children as unknown as HTMLElement[];
  await Promise.all([shop.blocks(), soon()]);
  expect(JSON.parse(requests[0]!.init.body as string).blocks.placements).toEqual(['header', 'other']);
  expect(header!.innerHTML).toBe('<div data-pp-block="hero"><b>Hi</b></div>');
  expect(other!.innerHTML).toBe('Other');
  const placed = header!.firstChild;
  await Promise.all([shop.blocks(['header'], { product: 'A' }), soon()]);
  expect(JSON.parse(requests[1]!.init.body as string)).toMatchObject({ product: 'A', blocks: { placements: ['header'] } });
  expect(header!.firstChild).toBe(placed);
  await Promise.all([shop.blocks(['header']), soon()]);
  expect(header!.innerHTML).toBe('<i>Own</i>');
});

test('without containers nothing is asked', async () => {
  const { requests } = platform();
  const shop = await open({ pages: 'manual' });
  const [decision] = await Promise.all([shop.blocks(), soon()]);
  expect([requests.length, decision]).toEqual([0, undefined]);
});

test('the script tag starts a shop with its own attributes', async () => {
  const { requests } = platform();
  vi.resetModules();
  const tag = document.createElement('script');
  tag.src = 'https://platform.test/sdk/storefront.js';
  Object.assign(tag.dataset, { key: current.key, website: 'eu', storeView: 'fr' });
  vi.spyOn(document, 'currentScript', 'get').mockReturnValue(tag);
  await import('../source/script');
  await soon();
  expect(requests[0]!.url).toBe(`https://platform.test/v1/events/storefront?key=${current.key}`);
  expect(requests[0]!.events[0].commerce.commerceScope).toEqual({ websiteCode: 'eu', storeViewCode: 'fr' });
  const { storefront } = window as any;
  expect(storefront.device).toMatch(UUID);
  expect(storefront.init({ key: 'x' })).toBe(storefront);
});
