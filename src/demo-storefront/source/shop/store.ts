import { useEffect, useState } from 'preact/hooks';
import type { Cart, Choice, Decision, Insight, Order, Product, Session } from './types';

/** Everything the pages are drawn from. */
export interface State {
  session?: Session;
  products: Product[];
  choices: Choice[];
  cart: Cart;
  decision?: Decision;
  insight?: Insight;
  insightError?: string;
  panel: boolean;
  order?: Order;
  /** Read aloud and shown for a moment. */
  notice?: { text: string; link?: { href: string; text: string } };
  failure?: string;
}

const saved = <T,>(name: string, fallback: T): T => {
  try {
    return (JSON.parse(localStorage.getItem('sundberg.' + name) ?? 'null') as T) ?? fallback;
  } catch {
    return fallback;
  }
};

export const save = (name: string, value: unknown): void => {
  try {
    localStorage.setItem('sundberg.' + name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage: the cart lasts as long as the page.
  }
};

export const newCart = (): Cart => ({ id: crypto.randomUUID?.() ?? String(Date.now()) + Math.random(), lines: [], coupons: [] });

let state: State = { products: [], choices: [], cart: saved('cart', newCart()), panel: saved('panel', false), order: saved('order', undefined) };
const listeners = new Set<() => void>();

export const get = (): State => state;

export function set(change: Partial<State>): void {
  state = { ...state, ...change };
  listeners.forEach((listener) => listener());
}

/** A part of the state; the component is drawn anew when that part changes. */
export function use<T>(part: (state: State) => T): T {
  const [, redraw] = useState({});
  const current = part(state);
  useEffect(() => {
    let last = part(state);
    const listener = () => {
      const next = part(state);
      if (!Object.is(last, next)) {
        last = next;
        redraw({});
      }
    };
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return current;
}
