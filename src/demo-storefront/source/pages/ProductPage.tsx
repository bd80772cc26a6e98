import { useEffect, useState } from 'preact/hooks';
import { categoryOf, find, money } from '../shop/catalogue';
import { Picture, Place, Price, Row, Title } from '../shop/Parts';
import { item, put, say, tell } from '../shop/shop';
import { use } from '../shop/store';
import { hex } from '../pictures/colours';
import { Crumbs, Missing } from './Listing';

const care: Record<string, string> = {
  bags: 'Recycled ripstop, taped seams, and a back panel that breathes. Empties in one move.', jackets: 'Cut for moving, with room for a layer below. Keeps its shape in the rain and in the wash.',
  shoes: 'Stitched, not just glued: we put on a new sole when the old one has gone the way.', yoga: 'Natural materials that get better with use. Rolls up small, lies flat at once.',
  watches: 'Sapphire glass and a strap that changes without tools. Five years of guarantee.', clothes: 'Soft from the first day, dry again by the evening. Mended for free.',
  camping: 'Pitched by one, carried by two, tested in November.', accessories: 'Small enough for every pocket, good enough for every day.',
};

export function ProductPage({ sku }: { sku: string }) {
  const product = find(sku);
  const lists = use((state) => state.decision?.relatedProducts?.lists);
  const [colour, paint] = useState(product?.colours[0]);
  const [quantity, count] = useState(1);
  useEffect(() => {
    paint(product?.colours[0]);
    count(1);
    if (product) tell('productPageView', { items: [item(product)] });
  }, [sku]);
  if (!product) return <Missing />;
  const category = categoryOf(product);
  const products = (name: string) => (lists?.[name]?.items ?? []).flatMap((entry) => find(entry.sku) ?? []);
  const add = () => {
    put(product, quantity, colour);
    say(`${product.name} is in your cart.`, { href: '/cart', text: 'View cart' });
  };
  return (
    <div class="wide">
      <Crumbs name={category?.name ?? 'Shop'} to={category ? '/c/' + category.slug : '/'} />
      <div class="product">
        <div class="gallery">
          <div class="stage"><Picture product={product} colour={colour} eager /></div>
          {product.colours.length > 1 ? <ul class="thumbs">{product.colours.map((name) => <li key={name}><button type="button" aria-pressed={name === colour} onClick={() => paint(name)} aria-label={'Show in ' + name.toLowerCase()}><Picture product={product} colour={name} small /></button></li>)}</ul> : null}
        </div>
        <div class="buy">
          <p class="card-label">{product.label}</p>
          <Title>{product.name}</Title>
          <p class="big"><Price product={product} /></p>
          <p class="tax">Tax included. Delivery {money(4.9)}, free from {money(80)}.</p>
          {product.colours.length > 0 ? (
            <fieldset class="colours"><legend>Colour: <strong>{colour?.toLowerCase()}</strong></legend>
              {product.colours.map((name) => <label key={name}><input type="radio" name="colour" checked={name === colour} onChange={() => paint(name)} /><svg viewBox="0 0 24 24" width="30" height="30" aria-hidden="true"><circle cx="12" cy="12" r="11" fill={hex(name)} stroke="#00000022" /></svg><span class="sr">{name.toLowerCase()}</span></label>)}
            </fieldset>
          ) : null}
          <div class="order-line">
            <label>Quantity <select value={quantity} onChange={(event) => count(Number(event.currentTarget.value))}>{[1, 2, 3, 4, 5].map((n) => <option key={n} value={n}>{n}</option>)}</select></label>
            <button type="button" class="button" onClick={add}>Add to cart</button>
          </div>
          <p class="words">{care[category?.slug ?? ''] ?? ''}</p>
          <ul class="ticks"><li>Free returns for 30 days</li><li>Leaves our warehouse tomorrow</li><li>Repairs for life</li></ul>
          <Place name="content" label="For you" />
        </div>
      </div>
      <Row title="More of the same kind" name="related" products={products('related')} />
      <Row title="A little better" name="upsell" products={products('upsell')} />
      <Row title="Find your calm" name="crosssell" products={products('crosssell')} note="Because of what you have been looking for." />
    </div>
  );
}
