import type { Product } from './types';
import { get } from './store';

export interface Category {
  slug: string;
  name: string;
  says: string;
  /** What stands for it in a picture. */
  sku: string;
  holds: (product: Product) => boolean;
}

const under = (...paths: string[]) => (product: Product) => product.categories.some((category) => paths.some((path) => category === path || category.startsWith(path + '/') || category.endsWith('/' + path)));

export const categories: Category[] = [
  { slug: 'bags', name: 'Bags', says: 'For a day, a week, or just the way to work.', sku: 'BG-109', holds: under('Bags') },
  { slug: 'jackets', name: 'Jackets', says: 'Rain, wind and the first frost.', sku: 'WJ-201', holds: under('Jackets') },
  { slug: 'shoes', name: 'Shoes', says: 'From the pier to the ridge.', sku: 'WS-402', holds: under('Shoes') },
  { slug: 'yoga', name: 'Yoga', says: 'Mats, blocks and bolsters: find your calm.', sku: 'YG-601', holds: under('Yoga') },
  { slug: 'watches', name: 'Watches', says: 'Time, depth, height and pulse.', sku: 'WT-702', holds: under('Watches') },
  { slug: 'clothes', name: 'Tops & trousers', says: 'Layers that keep up with you.', sku: 'TP-805', holds: under('Tops', 'Trousers') },
  { slug: 'camping', name: 'Camping', says: 'A night outside, well slept.', sku: 'CP-951', holds: under('Camping') },
  { slug: 'accessories', name: 'Accessories', says: 'Small things, warm hands, gifts.', sku: 'AC-971', holds: under('Accessories', 'Gift Cards') },
];

export const categoryOf = (product: Product): Category | undefined => categories.find((category) => category.holds(product));

export const find = (sku: string): Product | undefined => get().products.find((product) => product.sku === sku);

/** Every word is looked for in names, brands, categories and colours. */
export function search(query: string): Product[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (product: Product) => [product.name, product.label, ...product.categories, ...product.colours].join(' ').toLowerCase();
  return words.length === 0 ? [] : get().products.filter((product) => words.every((word) => text(product).includes(word)));
}

const form = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
export const money = (amount: number): string => form.format(amount);
