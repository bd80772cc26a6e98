import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pictureAddress } from '../pictures';
import { money } from './catalogue';
import { Link } from './router';
import { put, say } from './shop';
import type { Product } from './types';

/** A place for dynamic blocks. What is in it is the SDK's; this only makes the place and never touches it again. */
export function Place({ name, label }: { name: string; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.setAttribute('data-pp-placement', name), []);
  return <div ref={place} class={'place place-' + name} role={name === 'header' ? 'region' : 'group'} aria-label={label} data-pp-placement={name} />;
}

export function Picture({ product, colour, eager, small }: { product: Product; colour?: string; eager?: boolean; small?: boolean }) {
  const which = colour ?? product.colours[0];
  return <img class="picture" src={pictureAddress(product, which)} alt={small ? '' : which ? `${product.name} in ${which.toLowerCase()}` : product.name} width={400} height={480} loading={eager ? 'eager' : 'lazy'} decoding="async" />;
}

export const Price = ({ product }: { product: Product }) => (
  <span class="price">
    {product.regular ? <><span class="sr">Now </span><span class="now">{money(product.price)}</span> <s><span class="sr">before </span>{money(product.regular)}</s></> : money(product.price)}
  </span>
);

export function Card({ product, why }: { product: Product; why?: string }) {
  const add = () => {
    put(product, 1);
    say(`${product.name} is in your cart.`, { href: '/cart', text: 'View cart' });
  };
  return (
    <article class="card" data-sku={product.sku}>
      <Link to={'/p/' + encodeURIComponent(product.sku)} class="card-link">
        <div class="card-picture">
          <Picture product={product} />
          {product.regular ? <span class="tag">−{Math.round((1 - product.price / product.regular) * 100)} %</span> : null}
        </div>
        <h3>{product.name}</h3>
      </Link>
      <p class="card-label">{why ?? product.label}</p>
      <div class="card-foot">
        <Price product={product} />
        <button type="button" class="add" onClick={add} aria-label={`Add ${product.name} to the cart`}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="M10 4v12M4 10h12" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" /></svg>
        </button>
      </div>
    </article>
  );
}

export const Grid = ({ products }: { products: Product[] }) => <ul class="grid">{products.map((product) => <li key={product.sku}><Card product={product} /></li>)}</ul>;

/** A row of products that slides on small screens. */
export function Row({ title, products, note, name }: { title: string; products: Product[]; note?: string; name?: string }) {
  if (products.length === 0) return null;
  return (
    <section class="row" aria-label={title} data-list={name}>
      <div class="row-head"><h2>{title}</h2>{note ? <p>{note}</p> : null}</div>
      <ul class="rail" tabIndex={0} aria-label={title}>{products.map((product) => <li key={product.sku}><Card product={product} /></li>)}</ul>
    </section>
  );
}

/** The page's heading takes the focus when a page is entered, so that readers hear where they are. */
export function Title({ children, sub }: { children: ComponentChildren; sub?: string }) {
  return <div class="title"><h1 tabIndex={-1}>{children}</h1>{sub ? <p>{sub}</p> : null}</div>;
}
