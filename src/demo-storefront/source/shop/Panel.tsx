import { useEffect, useRef, useState } from 'preact/hooks';
import { find, money } from './catalogue';
import { look, startOver } from './shop';
import { save, set, use } from './store';
import type { BlockReason, Explanation, Insight, Verdict } from './types';

const tabs = ['Events', 'Profile', 'Segments', 'Decisions'] as const;
type Tab = (typeof tabs)[number];

/** The look behind the counter: what the platform knows of this visitor and makes of it, live. */
export function Panel() {
  const isOpen = use((state) => state.panel);
  const insight = use((state) => state.insight);
  const error = use((state) => state.insightError);
  const [tab, choose] = useState<Tab>('Events');
  const button = useRef<HTMLButtonElement>(null);
  const toggle = (open: boolean) => {
    save('panel', open);
    set({ panel: open });
    if (open) void look();
    else button.current?.focus();
  };
  const counts: Record<Tab, number | undefined> = {
    Events: insight?.events.filter((event) => !event.past).length, Profile: undefined, Segments: insight?.segments.filter((verdict) => verdict.matches).length,
    Decisions: Object.values(insight?.decision?.blocks?.placements ?? {}).flat().length + (insight?.decision?.cart?.appliedRules.length ?? 0) || undefined,
  };
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]!;
    choose(next);
    document.getElementById('tab-' + next)?.focus();
  };
  return (
    <>
      <button ref={button} type="button" class="peek" aria-expanded={isOpen} aria-controls="panel" onClick={() => toggle(!isOpen)}>
        <span class="pulse" aria-hidden="true" />Behind the counter
      </button>
      <aside id="panel" class="panel" hidden={!isOpen} aria-label="Behind the counter" onKeyDown={(event) => event.key === 'Escape' && toggle(false)}>
        <div class="panel-head">
          <div><h2>Behind the counter</h2><p>What the platform knows of you, and why it shows what it shows.</p></div>
          <button type="button" class="close" onClick={() => toggle(false)} aria-label="Close the panel">×</button>
        </div>
        <div class="tabs" role="tablist" aria-label="Behind the counter" onKeyDown={move}>
          {tabs.map((name) => (
            <button key={name} type="button" role="tab" id={'tab-' + name} aria-selected={tab === name} aria-controls="panel-body" tabIndex={tab === name ? 0 : -1} onClick={() => choose(name)}>
              {name}{counts[name] !== undefined ? <span class="count">{counts[name]}</span> : null}
            </button>
          ))}
        </div>
        <div class="panel-body" id="panel-body" role="tabpanel" aria-labelledby={'tab-' + tab} tabIndex={0}>
          {error ? <p class="closed">{error}</p> : !insight ? <p class="empty">Looking…</p> : insight.closed ? <p class="closed">{insight.closed}</p>
            : tab === 'Events' ? <Events insight={insight} /> : tab === 'Profile' ? <Profile insight={insight} /> : tab === 'Segments' ? <Segments insight={insight} /> : <Decisions insight={insight} />}
        </div>
        <div class="panel-foot"><button type="button" class="quiet" onClick={() => void startOver()}>Start over as a new visitor</button></div>
      </aside>
    </>
  );
}

const time = (iso: string): string => {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat('en-IE', today ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(at);
};

const doors: Record<string, string> = { Storefront: 'storefront', BackOffice: 'back office', Profiles: 'profile record' };

function Events({ insight }: { insight: Insight }) {
  const known = useRef<Set<string> | undefined>(undefined);
  const fresh = new Set(known.current ? insight.events.filter((event) => !known.current!.has(event.key)).map((event) => event.key) : []);
  useEffect(() => void (known.current = new Set(insight.events.map((event) => event.key))), [insight]);
  if (insight.events.length === 0) return <p class="empty">Nothing yet. Look at a product, or put one into the cart.</p>;
  return (
    <ol class="events">
      {insight.events.map((event) => (
        <li key={event.key} class={(event.past ? 'past' : '') + (fresh.has(event.key) ? ' fresh' : '')}>
          <div><strong>{event.kind}</strong>{event.about.length > 0 ? <span>{event.about.join(', ').replace(location.origin, '')}</span> : null}</div>
          <p><time dateTime={event.at}>{time(event.at)}</time><span class={'door door-' + event.source}>{doors[event.source] ?? event.source}</span></p>
        </li>
      ))}
    </ol>
  );
}

const text = (value: unknown): string => (typeof value === 'object' && value !== null ? Object.values(value).flat().map((part) => text(part)).filter(Boolean).join(', ') : String(value));

function Profile({ insight }: { insight: Insight }) {
  const profile = insight.profile;
  if (!profile) return <p class="empty">Nobody has heard of this browser yet. The first event makes a profile.</p>;
  return (
    <div class="facts">
      <p class="lead">{profile.registered ? 'A customer.' : 'A visitor, known by this browser only.'}{profile.firstSeen ? ` First seen ${time(profile.firstSeen)}.` : ''}</p>
      <h3>Identities</h3>
      <dl>{profile.identities.map((identity) => <div key={identity.namespace + identity.id + identity.from}><dt>{identity.namespace === 'FPID' ? 'This browser' : identity.namespace}</dt><dd>{identity.id}{identity.from ? <small> since {time(identity.from)}</small> : null}{identity.until ? <small> until {time(identity.until)}</small> : null}</dd></div>)}
        {profile.otherDevices > 0 ? <div><dt>Others</dt><dd>{profile.otherDevices} more {profile.otherDevices === 1 ? 'browser' : 'browsers'}</dd></div> : null}</dl>
      {Object.keys(profile.attributes).length > 0 ? <><h3>Attributes</h3><dl>{Object.entries(profile.attributes).map(([name, attribute]) => <div key={name}><dt>{name}</dt><dd>{text(attribute.value)}<small> from {attribute.source}</small></dd></div>)}</dl></> : null}
      {profile.cart ? <><h3>Cart</h3><p>{profile.cart.quantity} {profile.cart.quantity === 1 ? 'thing' : 'things'}, {money(profile.cart.subtotal)}, as folded from the events.</p></> : null}
      {profile.orders.length > 0 ? <><h3>Orders</h3><dl>{profile.orders.map((order) => <div key={order.number}><dt>{order.number}</dt><dd>{order.total !== undefined ? money(order.total) : ''} <small>{order.status}, {time(order.placedAt)}</small></dd></div>)}</dl></> : null}
    </div>
  );
}

function Segments({ insight }: { insight: Insight }) {
  const sorted = [...insight.segments].sort((a, b) => Number(b.matches) - Number(a.matches));
  return <ul class="segments">{sorted.map((verdict) => <Segment key={verdict.key} verdict={verdict} since={insight.since[verdict.key]} />)}</ul>;
}

function Segment({ verdict, since }: { verdict: Verdict; since?: string }) {
  const when = verdict.matches ? [since ? 'since ' + time(since) : '', verdict.changesAt ? 'until ' + time(verdict.changesAt) : 'until something changes'].filter(Boolean).join(', ')
    : verdict.inPopulation ? (verdict.changesAt ? 'may change ' + time(verdict.changesAt) : 'not now') : verdict.applyTo === 'registered' ? 'for customers only' : 'for visitors only';
  return (
    <li class={verdict.matches ? 'in' : 'out'} data-segment={verdict.key}>
      <details>
        <summary><span class="state">{verdict.matches ? 'In' : 'Out'}</span><span><strong>{verdict.name}</strong><small>{when}</small></span></summary>
        {verdict.condition ? <Because explanation={verdict.condition} /> : null}
      </details>
    </li>
  );
}

/** A condition with its verdict and its evidence, node by node. */
function Because({ explanation }: { explanation: Explanation }) {
  const evidence = Object.entries(explanation.evidence ?? {}).filter(([, value]) => typeof value !== 'object' || value === null);
  return (
    <div class={'because ' + (explanation.matches ? 'yes' : 'no')}>
      <p><span class="sr">{explanation.matches ? 'Yes: ' : 'No: '}</span>{explanation.text}</p>
      {evidence.length > 0 ? <p class="evidence">{evidence.map(([name, value]) => `${name} ${value}`).join(' · ')}</p> : null}
      {explanation.of?.length ? <ul>{explanation.of.map((part, i) => <li key={i}><Because explanation={part} /></li>)}</ul> : null}
    </div>
  );
}

const places: Record<string, string> = { header: 'On top of the page', content: 'In the content', right: 'At the side', footer: 'At the foot' };
const lists: Record<string, string> = { related: 'Related products', upsell: 'Up-sells', crosssell: 'Cross-sells' };
const reasons: Record<string, string> = {
  applied: 'applied', condition: 'its condition does not hold', coupon: 'needs a coupon', stopped: 'an earlier rule stops here', usage: 'used up', noEligibleLine: 'nothing in the cart it is for', shown: 'shown',
  segment: 'you are in none of its segments', match: 'not beside this product', full: 'no place was left', nothing: 'it has nothing to show', date: 'not at this time', website: 'not on this website', customerGroup: 'not for your group',
};

const why = (reason: BlockReason): string => (reason.everybody ? 'for everybody' : reason.key ? `because of “${reason.key}”${reason.since ? ' since ' + time(reason.since) : ''}` : reason.cartRule ? 'because its cart rule applies' : 'because its price rule applies');

function Decisions({ insight }: { insight: Insight }) {
  const decision = insight.decision;
  if (!decision) return <p class="empty">Nothing has been decided yet.</p>;
  return (
    <div class="decisions">
      {Object.entries(decision.blocks?.placements ?? {}).map(([place, blocks]) => (
        <section key={place}><h3>{places[place] ?? place}</h3>
          {blocks.length === 0 ? <p class="none">no block</p> : <ul>{blocks.map((block) => <li key={block.block}><strong>{block.name}</strong><small>{(block.because ?? []).map(why).join('; ')}</small></li>)}</ul>}
        </section>
      ))}
      {decision.cart ? (
        <section><h3>Discounts on the cart</h3>
          <ul>{(decision.cart.explanation ?? []).map((rule) => (
            <li key={rule.id} class={rule.applied ? 'yes' : 'no'}><strong>{rule.name}</strong><small>{reasons[rule.reason] ?? rule.reason}</small>{rule.condition ? <details><summary>Why</summary><Because explanation={rule.condition} /></details> : null}</li>
          ))}</ul>
        </section>
      ) : null}
      {Object.entries(decision.relatedProducts?.lists ?? {}).map(([name, list]) => (
        <section key={name}><h3>{lists[name] ?? name}</h3>
          <p class="none">{list.items.map((product) => find(product.sku)?.name ?? product.sku).join(', ') || 'none'}</p>
          <ul>{(list.explanation ?? []).map((rule) => <li key={rule.id} class={rule.shown > 0 ? 'yes' : 'no'}><strong>{rule.key}</strong><small>{reasons[rule.reason] ?? rule.reason}</small></li>)}</ul>
        </section>
      ))}
    </div>
  );
}
