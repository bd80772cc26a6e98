import { attempt, uuid } from './kept';

/** What is kept for the next page: since when nobody has looked after it, before when not to try, and the events, each as JSON. */
type Left = [at: number, notBefore: number, events: string[]];

/** Events are sent after as many milliseconds without a further one, or when they are many. */
const DELAY = 200;
const MANY = 20;
const MOST = 200;
const MOST_IN_ONE = 50;
/** At three bytes each still less than the 64 KB that browsers carry on with when a page goes away. */
const CHARACTERS = 20_000;
const ABANDONED = 300_000;
const LONGEST_PAUSE = 60_000;
const LONGEST_WAIT = 3_600_000;

/**
 * Sends events, at least once each: an event leaves only when the platform has answered. Every page has a queue of its own, kept in the
 * browser's storage as well; the next page takes over what a page left behind. The platform counts an event once, by its `_id`.
 */
export const outbox = (key: string, url: string) => {
  const prefix = `pp_events.${key}.`;
  const name = prefix + uuid();
  let events: string[] = [];
  let inFlight: string[] = [];
  let sending: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = 0;
  let failures = 0;
  let gone = false;

  const save = (at = Date.now()) =>
    attempt(() => {
      if (events[0]) localStorage[name] = JSON.stringify([at, notBefore, events] satisfies Left);
      else delete localStorage[name];
    });

  const adopt = () =>
    attempt(() => {
      for (const other of Object.keys(localStorage)) {
        if (other == name || !other.startsWith(prefix)) continue;
        const left = attempt(() => JSON.parse(localStorage[other]) as Left);
        if (left && left[0] > Date.now() - ABANDONED) continue;
        delete localStorage[other];
        attempt(() => {
          events = [...left![2], ...events].slice(-MOST);
          notBefore = Math.max(notBefore, left![1]);
        });
      }
      save();
      if (events[0]) later();
    });

  /** As many of them as go into one request, but one at least. */
  const batch = (from: string[]) => {
    let characters = 0;
    return from.filter((event, at) => ((characters += event.length) < CHARACTERS && at < MOST_IN_ONE) || !at);
  };

  const body = (batch: string[]) => `{"events":[${batch}]}`;

  const later = () => {
    clearTimeout(timer);
    // A little more, because timers are measured by another clock.
    timer = setTimeout(send, Math.max(DELAY, notBefore - Date.now() + 9));
  };

  const run = async () => {
    while (events[0] && !gone && navigator.onLine && Date.now() >= notBefore) {
      inFlight = batch(events);
      const text = body(inFlight);
      const answer = await fetch(url, { method: 'POST', body: text, keepalive: text.length < CHARACTERS }).catch(() => {});
      if (answer && answer.status != 429 && answer.status < 500) {
        failures = 0;
        events = events.filter((event) => !inFlight.includes(event));
      } else {
        const after = answer?.headers.get('retry-after') as any;
        const wait = Math.max(after * 1e3 || Date.parse(after) - Date.now() || 0, Math.random() * Math.min(LONGEST_PAUSE, 1000 * 2 ** failures++));
        notBefore = Date.now() + Math.min(wait, LONGEST_WAIT);
        later();
      }
      inFlight = [];
      save();
    }
  };

  const send = (): Promise<void> =>
    (sending ??= run().finally(() => {
      sending = undefined;
    }));

  adopt();

  addEventListener('online', send);
  // A page that is hidden may never be seen again; requests outlive it.
  addEventListener('visibilitychange', send, true);
  addEventListener('pagehide', () => {
    gone = true;
    const rest = batch(events.filter((event) => !inFlight.includes(event)));
    // Nobody will see the answer, so the next page says it all again.
    save(0);
    if (rest[0] && Date.now() >= notBefore) navigator.sendBeacon(url, body(rest));
  });
  return {
    add(event: string) {
      events = [...events, event].slice(-MOST);
      save();
      if (events.length < MANY) later();
      else send();
    },
    clear() {
      events = [];
      save();
    },
    send,
    /** The page is back as it was left. What another one took over meanwhile is no longer ours. */
    resume() {
      gone = false;
      attempt(() => {
        if (!localStorage[name]) events = [];
      });
      adopt();
    },
  };
};
