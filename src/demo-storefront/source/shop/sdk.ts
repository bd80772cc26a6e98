import type { Decision } from './types';

/** The part of the platform's storefront SDK that this shop uses; its script is loaded before this one. */
export interface Sdk {
  readonly device: string | undefined;
  page(page?: { name?: string; type?: string; url?: string }): void;
  track(event: string, about?: { items?: Item[]; cart?: { id: string }; order?: Record<string, unknown>; search?: Record<string, unknown> }): void;
  signIn(who: { email?: string; customerId?: string }, kind?: string): void;
  signOut(): void;
  decide(about: Record<string, unknown>): Promise<Decision>;
  blocks(placements?: string[], about?: Record<string, unknown>): Promise<unknown>;
  flush(): Promise<void>;
}

export interface Item {
  sku: string;
  name: string;
  quantity?: number;
  price?: number;
  total?: number;
  currency?: string;
  discount?: number;
  categories?: string[];
}

declare global {
  interface Window {
    storefront?: { init(options: Record<string, unknown>): Sdk };
  }
}
