import type { Choice, Insight, Order, Product, Session } from './types';

/** Refused, with a sentence for whoever did it. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, detail: string) {
    super(detail);
  }
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch('/demo/api/' + path, body === undefined ? undefined : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new Refusal(answer.status, problem.code ?? '', problem.detail ?? 'The shop does not answer. Try again in a moment.');
}

/** The demo shop's own server. */
export const server = {
  session: () => ask<Session>('session'),
  startOver: () => ask<Session>('session', {}),
  products: () => ask<Product[]>('products'),
  choices: () => ask<Choice[]>('customers'),
  signIn: (who: { customerId: string } | { email: string; firstName?: string }) => ask<Session>('sign-in', who),
  signOut: () => ask<Session>('sign-out', {}),
  order: (order: unknown) => ask<Order>('orders', order),
  insight: (about: unknown) => ask<Insight>('insight', about),
};
