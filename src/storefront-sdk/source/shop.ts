import { attempt, keep, kept, uuid } from './kept';
import { followNavigation, whenRead } from './navigation';
import { outbox } from './outbox';
import { placing } from './placing';
import type { About, Consent, Decision, Options, Page, Person, Shop, Wanted } from './types';
import { over, toXdm, type Xdm } from './xdm';

const CONSENT = 'pp_consent';
const DEVICE = 'pp_device';
const ROTATION = 'pp_rotation';
const MOST_WAITING = 200;

let shop: Shop | undefined;

/** Starts. A page has one shop: whoever asks again is given the same. */
export const init = (options: Options): Shop => (shop ??= open(options));

const open = (options: Options): Shop => {
  const { key, endpoint = '', website, storeView } = options;
  const query = '?key=' + key;
  const box = outbox(key, `${endpoint}/v1/events/storefront${query}`);
  let choice = (kept(CONSENT) as Consent | undefined) || options.consent || 'in';
  let device: string | undefined;
  let waiting: Xdm[] = [];
  let counted: string | undefined;
  let described: Page | undefined;

  const identify = () => {
    if (choice == 'in') keep(DEVICE, (device = kept(DEVICE) || uuid()));
  };

  const record = (xdm: Xdm) => {
    // What cannot be written down is lost, without harm to the shop or to other events.
    if (choice == 'in') attempt(() => box.add(JSON.stringify(over({ identityMap: { FPID: [{ id: device, primary: true }] } }, xdm))));
    else if (choice == 'pending' && waiting.length < MOST_WAITING) waiting.push(xdm);
  };

  const track = (event: string, about: About = {}) => record(toXdm(event, about, options));

  const page = (given: Page = {}) => {
    const url = new URL(given.url || location.href, location.href).href.replace(/#(?![!/]).*/, '');
    if (url == counted) return;
    track('web.webpagedetails.pageViews', {
      data: {
        web: {
          webPageDetails: { URL: url, name: given.name || document.title, siteSection: given.type, pageViews: { value: 1 } },
          webReferrer: { URL: given.referrer ?? counted ?? document.referrer },
        },
      },
    });
    counted = url;
    described = given;
  };

  const decide = async ({ placements, ...wanted }: Wanted = {}): Promise<Decision> => {
    await box.send();
    const refused = choice != 'in' || (navigator as any).globalPrivacyControl;
    const rotation = attempt(() => JSON.parse(localStorage[ROTATION]));
    const answer = await fetch(`${endpoint}/v1/decisions${query}${refused ? '&targeting=out' : ''}`, {
      method: 'POST',
      body: JSON.stringify({
        shopper: { identities: device && [{ namespace: 'FPID', id: device }], website, storeView },
        blocks: placements && { placements, rotation },
        ...wanted,
      }),
    });
    if (!answer.ok) throw Error(`Status ${answer.status}`);
    const decision: Decision = await answer.json();
    if (device) attempt(() => (localStorage[ROTATION] = JSON.stringify({ ...rotation, ...decision.blocks!.rotation })));
    return decision;
  };

  const blocks = placing(options, decide, (what, { block: id }, scope) =>
    track('decisioning.proposition' + what, {
      data: { _experience: { decisioning: { propositions: [{ id, scope }], propositionEventType: { [what.toLowerCase()]: 1 } } } },
    }),
  );

  const choose = (val: 'y' | 'n') =>
    track('privacy.setConsent', { data: { consents: { collect: { val }, personalize: { content: { val } } } } });

  identify();
  if (options.pages != 'manual') {
    whenRead(page);
    followNavigation(() => setTimeout(page));
  }
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    box.resume();
    counted = undefined;
    if (described) page(described);
  });

  return {
    get device() {
      return device;
    },
    page,
    track,
    signIn: ({ email, customerId }: Person, kind = 'signIn') =>
      track(kind, {
        data: {
          identityMap: { email: email && [{ id: email }], CustomerId: customerId && [{ id: customerId }] },
        },
      }),
    signOut: () => track('signOut'),
    consent(chosen) {
      if (chosen == kept(CONSENT)) return;
      const before = waiting;
      waiting = [];
      keep(CONSENT, chosen);
      if (chosen == 'in') {
        choice = chosen;
        identify();
        choose('y');
        before.map(record);
      } else {
        box.clear();
        if (device) choose('n');
        choice = chosen;
        device = undefined;
        keep(DEVICE);
        keep(ROTATION);
      }
      box.send();
    },
    decide,
    blocks,
    flush: box.send,
  };
};
