import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { outbox } from '../source/outbox';
import { platform } from './platform';

const URL = 'https://platform.test/v1/events/storefront?key=pk_1';
const event = (id: string) => JSON.stringify({ _id: id });
const ids = (events: any[]) => events.map((it) => it._id);
const stored = () => Object.keys(localStorage).filter((it) => it.startsWith('pp_events.'));
const leave = () => window.dispatchEvent(new Event('pagehide'));
let boxes: ReturnType<typeof outbox>[] = [];
let box: (typeof boxes)[0];
/** A further page. */
const open = () => {
  boxes.push((box = outbox('pk_1', URL)));
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  navigator.sendBeacon = vi.fn(() => true);
  open();
});

afterEach(() => {
  // Nobody listens to a page that is gone.
  boxes.forEach((it) => it.clear());
  boxes = [];
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('events wait a little and share a request that needs no preflight', async () => {
  const { requests } = platform();
  box.add(event('a'));
  box.add(event('b'));
  await vi.advanceTimersByTimeAsync(100);
  expect(requests).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(requests).toHaveLength(1);
  expect(ids(requests[0]!.events)).toEqual(['a', 'b']);
  expect(requests[0]).toMatchObject({ url: URL, init: { method: 'POST', keepalive: true } });
  expect(requests[0]!.init.headers).toBeUndefined();
  expect(stored()).toEqual([]);
});

test('many events go at once, and not too many in one request', async () => {
  const { requests, events } = platform();
  for (let i = 0; i < 120; i++) box.add(event(`${i}`));
  await box.send();
  expect(requests.length).toBeGreaterThan(2);
  expect(Math.max(...requests.map((it) => it.events.length))).toBe(50);
  expect(ids(events())).toEqual([...Array(120).keys()].map(String));
});

test('a large event goes alone, without what a browser would refuse', async () => {
  const { requests } = platform();
  box.add(JSON.stringify({ _id: 'large', text: 'x'.repeat(30_000) }));
  box.add(event('small'));
  await box.send();
  expect(requests.map((it) => [ids(it.events), it.init.keepalive])).toEqual([
    [['large'], false],
    [['small'], true],
  ]);
});

test.each([{ status: 500 }, { status: 503 }, { status: 429 }, { fails: true }])('after %o the same is sent again, later and later', async (failure) => {
  const { requests } = platform(failure, failure, failure, {});
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(requests.map((it) => ids(it.events))).toEqual([['a'], ['a'], ['a'], ['a']]);
  const waits = requests.slice(1).map((it, at) => it.at - requests[at]!.at);
  expect(waits).toEqual([1009, 2009, 4009]);
  expect(stored()).toEqual([]);
});

test('the pause is anything up to its bound', async () => {
  vi.mocked(Math.random).mockReturnValue(0.25);
  const { requests } = platform({ status: 500 }, { status: 500 }, {});
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(requests.slice(1).map((it, at) => it.at - requests[at]!.at)).toEqual([259, 509]);
});

test.each([
  ['7', 7_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 59_000],
  ['100000000', 3_600_000],
])('Retry-After %s is honoured, also by new events and by flush', async (after, wait) => {
  vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 0, 1) - 209);
  const { requests } = platform({ status: 503, headers: { 'retry-after': after } }, {});
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(209);
  box.add(event('b'));
  await box.send();
  await vi.advanceTimersByTimeAsync(wait - 500);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(requests.map((it) => ids(it.events))).toEqual([['a'], ['a', 'b']]);
});

test.each([202, 400, 401, 403, 408, 413, 415])('after %i nothing is sent again', async (status) => {
  const { requests } = platform({ status });
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(requests).toHaveLength(1);
  expect(stored()).toEqual([]);
});

test('nothing is tried offline, and all of it when the network is back', async () => {
  const { requests } = platform();
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(0);
  onLine.mockReturnValue(true);
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(ids(requests[0]!.events)).toEqual(['a']);
});

test('a page that goes away says the rest by beacon and leaves it to the next one as well', async () => {
  const { requests } = platform();
  box.add(event('a'));
  leave();
  expect(navigator.sendBeacon).toHaveBeenCalledWith(URL, '{"events":[{"_id":"a"}]}');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(requests).toHaveLength(0);
  open();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ids(requests[0]!.events)).toEqual(['a']);
  expect(stored()).toEqual([]);
});

test('a page that goes away sends no beacon while the platform wants none', async () => {
  const { requests } = platform({ status: 503, headers: { 'retry-after': '60' } }, {});
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(1_000);
  leave();
  expect(navigator.sendBeacon).not.toHaveBeenCalled();
  // The next page knows it, too.
  open();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(2);
});

test('what another page is looking after is left to it until it seems gone for good', async () => {
  const { requests } = platform();
  localStorage['pp_events.pk_1.other'] = JSON.stringify([Date.now(), 0, [event('theirs')]]);
  localStorage['pp_events.pk_2.other'] = JSON.stringify([0, 0, [event('of another key')]]);
  localStorage['pp_events.pk_1.broken'] = 'x';
  open();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(requests).toHaveLength(0);
  expect(stored().sort()).toEqual(['pp_events.pk_1.other', 'pp_events.pk_2.other']);
  await vi.advanceTimersByTimeAsync(300_000);
  open();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ids(requests[0]!.events)).toEqual(['theirs']);
  expect(stored()).toEqual(['pp_events.pk_2.other']);
});

test('a page that comes back sends only what nobody took over', async () => {
  const { requests } = platform();
  box.add(event('a'));
  leave();
  localStorage.clear();
  box.resume();
  await box.send();
  expect(requests).toHaveLength(0);
  box.add(event('b'));
  leave();
  box.resume();
  await box.send();
  expect(ids(requests[0]!.events)).toEqual(['b']);
});

test('no more than 200 events wait, the newest', async () => {
  const { events } = platform();
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  for (let i = 0; i < 250; i++) box.add(event(`${i}`));
  await box.send();
  onLine.mockReturnValue(true);
  await box.send();
  expect(ids(events())).toEqual([...Array(200).keys()].map((it) => `${it + 50}`));
});

test('a browser without storage sends all the same', async () => {
  const { requests } = platform();
  vi.stubGlobal('localStorage', undefined);
  open();
  box.add(event('a'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ids(requests[0]!.events)).toEqual(['a']);
});
