import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Account } from './pages/Account';
import { CartPage } from './pages/CartPage';
import { Checkout, OrderPage } from './pages/Checkout';
import { Home } from './pages/Home';
import { Listing, Missing, Search } from './pages/Listing';
import { ProductPage } from './pages/ProductPage';
import { categories, find } from './shop/catalogue';
import { Frame } from './shop/Frame';
import { type Route, useRoute } from './shop/router';
import { open, visit } from './shop/shop';

const name = ({ page, rest, query }: Route): string | undefined => ({
  c: categories.find((category) => category.slug === rest[0])?.name, p: find(rest[0] ?? '')?.name, search: query.get('q') ? `“${query.get('q')}”` : 'Search',
  cart: 'Your cart', checkout: 'Check out', order: 'Thank you', account: 'Account',
})[page];

/** As Adobe's storefronts call them. */
const types: Record<string, string> = { '': 'CMS', c: 'Category', p: 'Product', search: 'Search', cart: 'Cart', checkout: 'Checkout', order: 'Order', account: 'Account' };

function Page({ route: { page, rest, query } }: { route: Route }) {
  switch (page) {
    case '': return <Home />;
    case 'c': return <Listing key={rest[0]} slug={rest[0] ?? ''} />;
    case 'p': return <ProductPage key={rest[0]} sku={rest[0] ?? ''} />;
    case 'search': return <Search query={query.get('q')?.trim() ?? ''} />;
    case 'cart': return <CartPage />;
    case 'checkout': return <Checkout />;
    case 'order': return <OrderPage number={rest[0] ?? ''} />;
    case 'account': return <Account />;
    default: return <Missing />;
  }
}

function Shop() {
  const route = useRoute();
  const first = useRef(true);
  useEffect(() => {
    const title = name(route);
    document.title = title ? `${title} · Sund & Berg` : 'Sund & Berg';
    if (first.current) first.current = false;
    else document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    visit(title ?? 'Home', types[route.page] ?? 'Other');
  }, [route.key]);
  return <Frame><Page key={route.page + (route.rest[0] ?? '')} route={route} /></Frame>;
}

const place = document.getElementById('shop')!;
open().then(
  () => render(<Shop />, place),
  (error: unknown) => render(<p class="noscript" role="alert">{error instanceof Error ? error.message : 'The shop cannot be opened.'}</p>, place),
);
