/** What the shopper has chosen; `pending` until they have. */
export type Consent = 'in' | 'pending' | 'out';

export interface Options {
  /** A public key (`pk_…`). */
  key: string;
  /** Where the platform is, e.g. `https://personal.shop.example`. The script tag takes its own address; else the page's. */
  endpoint?: string;
  /** The website's code. */
  website?: string;
  /** The store view's code. */
  storeView?: string;
  /** What counts until the shopper has chosen; `in` when absent. A choice once made stands. */
  consent?: Consent;
  /** Placements that are hidden, and asked for, at once. */
  placements?: string[];
  /** For how many milliseconds at most they stay hidden; 800 when absent. */
  timeout?: number;
  /** `manual`: page views are only what `page` says. */
  pages?: 'auto' | 'manual';
  /** The Adobe client data layer, for `init` of `…/data-layer`; `window.adobeDataLayer` when absent. */
  dataLayer?: unknown[];
}

/** A product, or a line of a cart or an order. */
export interface Item {
  sku: string;
  name?: string;
  quantity?: number;
  /** Of one unit. */
  price?: number;
  /** Of the line; price × quantity when absent. */
  total?: number;
  /** ISO 4217. */
  currency?: string;
  /** Of the line. */
  discount?: number;
  /** Names or paths such as `Women/Jackets`, or ids with names. */
  categories?: (string | { id?: string; name?: string; path?: string })[];
  /** The picture's address. */
  image?: string;
  /** What was chosen, e.g. `{ Color: 'Green' }`. */
  options?: Record<string, string>;
}

export interface Order {
  id?: string;
  total?: number;
  currency?: string;
  tax?: number;
  discount?: number;
  shipping?: number;
  shippingMethod?: string;
  coupon?: string;
  /** As XDM has them: `paymentType`, `paymentAmount`, `currencyCode`, `transactionID`. */
  payments?: Record<string, unknown>[];
  /** Whose order it is. */
  email?: string;
}

export interface Search {
  /** The same for a search and its results. */
  id?: string;
  query?: string;
  results?: number;
  suggestions?: string[];
  filters?: { attribute: string; value: string | string[]; isRange?: boolean }[];
  sort?: { attribute: string; order?: string }[];
}

export interface Page {
  name?: string;
  /** What kind of page, e.g. `Product`, `Category`. */
  type?: string;
  /** The page's own when absent. */
  url?: string;
  referrer?: string;
}

/** What an event is about. */
export interface About {
  items?: Item[];
  cart?: { id?: string };
  order?: Order;
  search?: Search;
  /** Any further XDM, laid over what the rest gives. */
  data?: Record<string, unknown>;
}

export interface Person {
  email?: string;
  customerId?: string;
}

/** What decisions are asked for; members not named here are sent as they are. */
export interface Wanted {
  placements?: string[];
  /** The product being viewed: its SKU, or an object. */
  product?: string | Record<string, unknown>;
  cart?: Record<string, unknown>;
  relatedProducts?: Record<string, unknown>;
  [member: string]: unknown;
}

export interface Block {
  /** Its id. */
  block: string;
  key: string;
  name: string;
  content: string;
}

/** The answer of `POST /v1/decisions`. */
export interface Decision {
  blocks?: { placements: Record<string, Block[]>; rotation?: Record<string, string>; cacheableUntil: string };
  cart?: Record<string, unknown>;
  relatedProducts?: Record<string, unknown>;
  cacheableUntil: string;
}

export interface Shop {
  /** This browser's id; absent until the shopper consents. */
  readonly device: string | undefined;
  /** Counts a page view, once for each address in a row. */
  page(page?: Page): void;
  /** Records an event by Adobe's documented name (`addToCart`, `completeCheckout`, …), or any other. */
  track(event: string, about?: About): void;
  /** Says who is using this browser from now on. */
  signIn(person: Person, kind?: 'signIn' | 'createAccount' | 'editAccount'): void;
  signOut(): void;
  /** The shopper has chosen. */
  consent(choice: 'in' | 'out'): void;
  /** Asks what this shopper gets, after everything recorded so far has arrived. */
  decide(wanted?: Wanted): Promise<Decision>;
  /** Asks for dynamic blocks and puts them into `[data-pp-placement]`. Never fails: without an answer the page stays as it is. */
  blocks(placements?: string[] | null, context?: Wanted): Promise<Decision | undefined>;
  /** Sends what waits. Settles when it has arrived, or could not be sent for now. */
  flush(): Promise<void>;
}
