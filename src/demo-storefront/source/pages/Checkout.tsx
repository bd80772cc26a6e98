import { useEffect, useState } from 'preact/hooks';
import { find, money } from '../shop/catalogue';
import { Picture, Title } from '../shop/Parts';
import { Link } from '../shop/router';
import { items, order, refresh, tell } from '../shop/shop';
import { get, use } from '../shop/store';
import { Totals } from './CartPage';
import { Missing } from './Listing';

export function Checkout() {
  const cart = use((state) => state.cart);
  const session = use((state) => state.session);
  const decided = use((state) => state.decision?.cart);
  const [email, write] = useState('');
  const [busy, work] = useState(false);
  const [refusal, refuse] = useState('');
  useEffect(() => {
    const { cart } = get();
    if (cart.lines.length > 0) tell('startCheckout', { cart: { id: cart.id }, items: items(cart.lines) });
  }, []);
  if (cart.lines.length === 0) return <div class="wide narrow"><Title>Check out</Title><div class="nothing"><p>There is nothing to order yet.</p><Link to="/" class="button">Look around</Link></div></div>;
  const confirm = async (event: Event) => {
    event.preventDefault();
    work(true);
    refuse('');
    try {
      await order(session?.customerId ? undefined : email);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
      refresh();
    } finally {
      work(false);
    }
  };
  return (
    <div class="wide">
      <Title sub="A demo: nothing is charged, nothing is sent.">Check out</Title>
      <form class="cart checkout" onSubmit={confirm}>
        <div class="steps-list">
          <section><h2>You</h2>
            {session?.customerId ? <p>Signed in as <strong>{session.firstName}</strong>, {session.email}</p> : (
              <><label for="email">E-mail address</label><input id="email" type="email" required autocomplete="email" maxLength={200} value={email} onInput={(event) => write(event.currentTarget.value)} /><p class="hint">Or <Link to="/account">sign in</Link> as one of the demo's customers.</p></>
            )}
          </section>
          <section><h2>Delivery</h2><p>Parcel service, two to three days.</p></section>
          <section><h2>Payment</h2><p>With a smile. It is a demo.</p></section>
        </div>
        <aside class="sum" aria-label="Your order">
          <ul class="mini">{cart.lines.map((line) => {
            const product = find(line.sku);
            return product ? <li key={line.sku}><Picture product={product} colour={line.colour} small /><span>{line.quantity} × {product.name}</span><span>{money(product.price * line.quantity)}</span></li> : null;
          })}</ul>
          <Totals />
          {refusal ? <p class="refusal" role="alert">{refusal}</p> : null}
          <button type="submit" class="button full" disabled={busy || !decided}>{busy ? 'One moment…' : 'Place the order'}</button>
        </aside>
      </form>
    </div>
  );
}

export function OrderPage({ number }: { number: string }) {
  const placed = use((state) => state.order);
  if (placed?.number !== number) return <Missing />;
  return (
    <div class="wide narrow thanks">
      <Title sub={`Order ${placed.number}, confirmed to ${placed.email}.`}>Thank you.</Title>
      <ul class="mini">{placed.items.map((line) => {
        const product = find(line.sku);
        return <li key={line.sku}>{product ? <Picture product={product} small /> : null}<span>{line.quantity} × {line.name}</span><span>{money(line.total)}</span></li>;
      })}</ul>
      <dl class="totals">
        {placed.discount > 0 ? <div class="saved"><dt>{placed.label ?? 'Discount'}</dt><dd>−{money(placed.discount)}</dd></div> : null}
        <div><dt>Delivery</dt><dd>{placed.shipping === 0 ? 'Free' : money(placed.shipping)}</dd></div>
        <div class="total"><dt>Total</dt><dd>{money(placed.total)}</dd></div>
      </dl>
      <p><Link to="/" class="button">Go on looking around</Link></p>
    </div>
  );
}
