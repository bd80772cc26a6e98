import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { categories } from './catalogue';
import { Panel } from './Panel';
import { Place } from './Parts';
import { go, Link, useRoute } from './router';
import { use, set } from './store';

const Icon = ({ d }: { d: string }) => <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d={d} fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" /></svg>;

export const Mark = () => <svg class="mark" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><path d="M2 26 11.5 9l5.5 8.5 4-6L30 26z" fill="currentColor" /><circle cx="24" cy="7" r="3.4" fill="#d97a35" /></svg>;

/** What is around every page. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { page, rest, query } = useRoute();
  const count = use((state) => state.cart.lines.reduce((sum, line) => sum + line.quantity, 0));
  const session = use((state) => state.session);
  const panel = use((state) => state.panel);
  const [wanted, want] = useState(query.get('q') ?? '');
  useEffect(() => want(query.get('q') ?? ''), [query.get('q')]);
  const find = (event: Event) => {
    event.preventDefault();
    const text = wanted.trim();
    if (text) go('/search?q=' + encodeURIComponent(text));
  };
  return (
    <div class={'shop' + (panel ? ' with-panel' : '')}>
      <a class="skip" href="#main">Skip to the content</a>
      <Place name="header" label="Announcements" />
      <header class="top">
        <div class="top-in">
          <Link to="/" class="brand" aria-label="Sund & Berg, home"><Mark /><span>Sund&thinsp;&amp;&thinsp;Berg</span></Link>
          <form class="find" role="search" onSubmit={find}>
            <label class="sr" for="q">Search the shop</label>
            <Icon d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20" />
            <input id="q" type="search" autocomplete="off" maxLength={80} placeholder="Search, e.g. yoga" value={wanted} onInput={(event) => want(event.currentTarget.value)} />
          </form>
          <nav class="tools" aria-label="You">
            <Link to="/account" class="tool" aria-label={session?.firstName ? `Account of ${session.firstName}` : 'Sign in'}>
              <Icon d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-4 4-5.5 7.5-5.5s6.7 1.5 7.5 5.5" /><span>{session?.firstName ?? 'Sign in'}</span>
            </Link>
            <Link to="/cart" class="tool cart-link">
              <Icon d="M6 8h12l1 12H5L6 8zM9 10V6a3 3 0 0 1 6 0v4" /><span>Cart</span>{count > 0 ? <b>{count}</b> : null}
            </Link>
          </nav>
        </div>
        <nav class="menu" aria-label="Categories">
          <ul>{categories.map((category) => <li key={category.slug}><Link to={'/c/' + category.slug} aria-current={page === 'c' && rest[0] === category.slug ? 'page' : undefined}>{category.name}</Link></li>)}</ul>
        </nav>
      </header>
      <main id="main">{children}<Place name="right" label="For you" /></main>
      <footer class="bottom">
        <Place name="footer" label="Newsletter" />
        <div class="bottom-in">
          <div><p class="brand"><Mark /><span>Sund&thinsp;&amp;&thinsp;Berg</span></p><p>Things for the way there, between the sound and the mountain. A made-up shop: nothing is charged and nothing is sent.</p></div>
          <nav aria-label="All categories"><ul>{categories.map((category) => <li key={category.slug}><Link to={'/c/' + category.slug}>{category.name}</Link></li>)}</ul></nav>
          <ul class="promises"><li>Free delivery from €80</li><li>30 days to change your mind</li><li>Repairs for life</li></ul>
        </div>
      </footer>
      <Notice />
      <Panel />
    </div>
  );
}

function Notice() {
  const notice = use((state) => state.notice);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    if (notice) timer.current = setTimeout(() => set({ notice: undefined }), 6000);
  }, [notice]);
  return <div class="notice" role="status" aria-live="polite">{notice ? <p><span>{notice.text}</span>{notice.link ? <Link to={notice.link.href}>{notice.link.text}</Link> : null}</p> : null}</div>;
}
