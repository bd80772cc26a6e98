/** What the demo's server says, see DemoStorefrontController. */
export interface Session {
  key: string;
  device: string;
  customerId?: string;
  email?: string;
  firstName?: string;
  customerGroup: number;
  shipping: number;
  currency: string;
}

export interface Product {
  sku: string;
  name: string;
  price: number;
  regular?: number;
  label?: string;
  categories: string[];
  colours: string[];
}

export interface Choice {
  customerId: string;
  name: string;
  city: string;
  says: string;
}

export interface CartLine {
  sku: string;
  quantity: number;
  colour?: string;
}

export interface Cart {
  id: string;
  lines: CartLine[];
  coupons: string[];
}

export interface CartDecision {
  items: { id: string; discount: number; appliedRules: { id: string; discount: number; label?: string }[] }[];
  shipping: { amount: number; discount: number; free: string };
  totals: { subtotal: number; itemDiscount: number; shippingDiscount: number; totalDiscount: number; grandTotal: number };
  appliedRules: { id: string }[];
  coupons: { code: string; verdict: 'applied' | 'rejected'; reason?: string }[];
  label?: string;
  explanation?: RuleReason[];
}

export interface RuleReason {
  id: string;
  key: string;
  name: string;
  applied: boolean;
  reason: string;
  condition?: Explanation;
}

export interface RelatedList {
  items: { sku: string; source: string; rule?: { id: string } }[];
  explanation?: { id: string; key: string; reason: string; shown: number }[];
}

export interface Decision {
  blocks?: { placements: Record<string, { block: string; key: string; name: string; because?: BlockReason[] }[]> };
  cart?: CartDecision;
  relatedProducts?: { lists: Record<string, RelatedList> };
}

export interface BlockReason {
  everybody?: boolean;
  segment?: string;
  audience?: string;
  cartRule?: string;
  catalogRule?: string;
  key?: string;
  since?: string;
}

export interface Explanation {
  type: string;
  text: string;
  matches: boolean;
  changesAt?: string;
  evidence?: Record<string, unknown>;
  of?: Explanation[];
}

export interface Verdict {
  segment: string;
  key: string;
  name: string;
  matches: boolean;
  changesAt?: string;
  inPopulation: boolean;
  applyTo: string;
  condition?: Explanation;
}

export interface Insight {
  at: string;
  closed?: string;
  profile?: {
    id: string;
    registered: boolean;
    firstSeen?: string;
    identities: { namespace: string; id: string; person: boolean; from?: string; until?: string }[];
    otherDevices: number;
    attributes: Record<string, { value: unknown; source: string; at: string }>;
    consents: Record<string, boolean>;
    orders: { number: string; placedAt: string; status: string; total?: number; currency?: string }[];
    cart?: { quantity: number; subtotal: number; updatedAt?: string };
  };
  events: { key: string; kind: string; at: string; receivedAt: string; source: string; past: boolean; about: string[] }[];
  segments: Verdict[];
  since: Record<string, string>;
  decision?: Decision;
  rules: Record<string, string>;
}

export interface Order {
  number: string;
  email: string;
  items: { sku: string; name: string; quantity: number; total: number; discount: number }[];
  subtotal: number;
  discount: number;
  shipping: number;
  total: number;
  label?: string;
  coupon?: string;
}
