export { init } from './shop';
export type { About, Block, Consent, Decision, Item, Options, Order, Page, Person, Search, Shop, Wanted } from './types';
