import { useEffect, useState } from 'preact/hooks';
import { find, money } from '../shop/catalogue';
import { Picture, Place, Row, Title } from '../shop/Parts';
import { Link } from '../shop/router';
import { items, put, round, take, tell, useCoupons } from '../shop/shop';
import { get, use } from '../shop/store';

export function CartPage() {
  const cart = use((state) => state.cart);
  const decision = use((state) => state.decision);
  useEffect(() => {
    const { cart } = get();
    if (cart.lines.length > 0) tell('shoppingCartView', { cart: { id: cart.id }, items: items(cart.lines) });
  }, []);
  const discounts = new Map(decision?.cart?.items.map((line) => [line.id, line]));
  const crosssell = (decision?.relatedProducts?.lists.crosssell?.items ?? []).flatMap((entry) => find(entry.sku) ?? []);
  return (
    <div class="wide">
      <Title>Your cart</Title>
      <Place name="content" label="For you" />
      {cart.lines.length === 0 ? <div class="nothing"><p>It is still empty.</p><Link to="/" class="button">Look around</Link></div> : (
        <div class="cart">
          <ul class="lines">{cart.lines.map((line) => {
            const product = find(line.sku);
            if (!product) return null;
            const decided = discounts.get(line.sku);
            const labels = [...new Set((decided?.appliedRules ?? []).filter((rule) => rule.discount > 0 && rule.label).map((rule) => rule.label))];
            return (
              <li key={line.sku} data-sku={line.sku}>
                <Link to={'/p/' + encodeURIComponent(line.sku)} class="line-picture" aria-label={product.name}><Picture product={product} colour={line.colour} small /></Link>
                <div class="line-what"><h2><Link to={'/p/' + encodeURIComponent(line.sku)}>{product.name}</Link></h2><p>{[product.label, line.colour?.toLowerCase()].filter(Boolean).join(' · ')}</p>
                  {decided && decided.discount > 0 ? <p class="saved">{labels.join(', ') || 'Discount'}: −{money(decided.discount)}</p> : null}</div>
                <div class="steps" role="group" aria-label={'Quantity of ' + product.name}>
                  <button type="button" onClick={() => take(product, 1)} aria-label={'One less ' + product.name}>−</button><output>{line.quantity}</output><button type="button" onClick={() => put(product, 1)} aria-label={'One more ' + product.name}>+</button>
                </div>
                <p class="line-total">{money(round(product.price * line.quantity))}</p>
                <button type="button" class="quiet" onClick={() => take(product, line.quantity)} aria-label={`Remove ${product.name}`}>Remove</button>
              </li>
            );
          })}</ul>
          <aside class="sum" aria-label="Total"><Coupon /><Totals /><Link to="/checkout" class="button full">Check out</Link></aside>
        </div>
      )}
      <Row title="Goes with it" name="crosssell" products={crosssell} />
    </div>
  );
}

const refusals: Record<string, string> = {
  unknown: 'is not a code of ours', expired: 'has expired', limitReached: 'has been used up', customerLimitReached: 'has been used by you already', ruleLimitReached: 'has been used by you already', condition: 'is not for this cart, or not for you', stopped: 'does not go with another discount',
};

function Coupon() {
  const cart = use((state) => state.cart);
  const decided = use((state) => state.decision?.cart?.coupons);
  const [code, write] = useState('');
  const enter = (event: Event) => {
    event.preventDefault();
    const text = code.trim().toUpperCase();
    if (text && !cart.coupons.includes(text) && cart.coupons.length < 5) useCoupons([...cart.coupons, text]);
    write('');
  };
  return (
    <form class="coupon" onSubmit={enter}>
      <label for="coupon">Coupon</label>
      <div><input id="coupon" value={code} maxLength={40} autocomplete="off" spellcheck={false} placeholder="e.g. HELLO10" onInput={(event) => write(event.currentTarget.value)} /><button type="submit" class="button small">Use</button></div>
      <div aria-live="polite">{cart.coupons.map((text) => {
        const verdict = decided?.find((coupon) => coupon.code.toUpperCase() === text);
        return <p key={text} class={'code ' + (verdict?.verdict ?? '')}><span><b>{text}</b> {verdict ? (verdict.verdict === 'applied' ? 'is used' : (refusals[verdict.reason ?? ''] ?? 'does not apply')) : '…'}</span><button type="button" class="quiet" onClick={() => useCoupons(cart.coupons.filter((other) => other !== text))} aria-label={'Remove coupon ' + text}>Remove</button></p>;
      })}</div>
    </form>
  );
}

/** What the cart costs, as the platform decided it. */
export function Totals() {
  const decided = use((state) => state.decision?.cart);
  if (!decided) return <p class="empty" role="status">Adding it up…</p>;
  const { totals, shipping } = decided;
  return (
    <dl class="totals" aria-live="polite">
      <div><dt>Subtotal</dt><dd>{money(totals.subtotal)}</dd></div>
      {totals.itemDiscount > 0 ? <div class="saved"><dt>{decided.label ?? 'Discount'}</dt><dd>−{money(totals.itemDiscount)}</dd></div> : null}
      <div><dt>Delivery</dt><dd>{shipping.amount - shipping.discount === 0 ? 'Free' : money(shipping.amount - shipping.discount)}</dd></div>
      <div class="total"><dt>Total</dt><dd>{money(totals.grandTotal)}</dd></div>
    </dl>
  );
}
