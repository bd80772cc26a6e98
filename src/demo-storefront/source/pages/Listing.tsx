import { useEffect, useState } from 'preact/hooks';
import { categories, search } from '../shop/catalogue';
import { Grid, Place, Title } from '../shop/Parts';
import { Link } from '../shop/router';
import { tell } from '../shop/shop';
import { use } from '../shop/store';
import type { Product } from '../shop/types';

const orders: Record<string, [string, (a: Product, b: Product) => number]> = {
  shelf: ['As on the shelf', () => 0],
  cheap: ['Price, low to high', (a, b) => a.price - b.price],
  dear: ['Price, high to low', (a, b) => b.price - a.price],
  name: ['Name', (a, b) => a.name.localeCompare(b.name)],
};

function Sorted({ products }: { products: Product[] }) {
  const [order, choose] = useState('shelf');
  return (
    <>
      <div class="bar">
        <p>{products.length} {products.length === 1 ? 'thing' : 'things'}</p>
        <label>Sort <select value={order} onChange={(event) => choose(event.currentTarget.value)}>{Object.entries(orders).map(([key, [name]]) => <option key={key} value={key}>{name}</option>)}</select></label>
      </div>
      <Grid products={[...products].sort(orders[order]![1])} />
    </>
  );
}

export function Listing({ slug }: { slug: string }) {
  const products = use((state) => state.products);
  const category = categories.find((candidate) => candidate.slug === slug);
  if (!category) return <Missing />;
  return (
    <div class="wide">
      <Crumbs name={category.name} />
      <Title sub={category.says}>{category.name}</Title>
      <Place name="content" label="For you" />
      <Sorted key={slug} products={products.filter(category.holds)} />
    </div>
  );
}

export function Search({ query }: { query: string }) {
  const found = search(query);
  useEffect(() => {
    if (!query) return;
    const search = { id: crypto.randomUUID?.() ?? String(Date.now()), query };
    tell('searchRequestSent', { search });
    tell('searchResponseReceived', { search: { ...search, results: found.length }, items: found.slice(0, 4).map(({ sku, name }) => ({ sku, name })) });
  }, [query]);
  return (
    <div class="wide">
      <Crumbs name="Search" />
      <Title sub={found.length === 0 ? 'Nothing by that name. Try “yoga”, “jacket” or a colour.' : undefined}>{query ? <>Results for “{query}”</> : 'Search'}</Title>
      <Place name="content" label="For you" />
      {found.length > 0 ? <Sorted key={query} products={found} /> : null}
    </div>
  );
}

export const Crumbs = ({ name, to }: { name: string; to?: string }) => (
  <nav class="crumbs" aria-label="Where you are"><ol><li><Link to="/">Home</Link></li><li>{to ? <Link to={to}>{name}</Link> : <span aria-current="page">{name}</span>}</li></ol></nav>
);

export const Missing = () => (
  <div class="wide narrow"><Title sub="This page has gone for a walk.">Nothing here</Title><p><Link to="/" class="button">Back to the shop</Link></p></div>
);
