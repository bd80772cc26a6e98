import { beanie, cap, giftCard, gloves } from './accessories';
import { dayPack, duffel, hipBag, messenger, rollTop, sling, tote, trekkingPack } from './bags';
import { bottle, lantern, sleepingBag, stove, tent } from './camping';
import { garment, trousers } from './clothes';
import { hex, shade, tint } from './colours';
import { type Drawing, scene } from './scene';
import { sandal, shoe } from './shoes';
import { analogue, sports } from './watches';
import { ball, blocks, bolster, carrier, cushion, mat, strap } from './yoga';

/** What a picture is drawn from. */
export interface Pictured {
  sku: string;
  name: string;
  categories: string[];
  colours: string[];
}

/** By what a product is called; the first that fits. */
const drawings: [RegExp, Drawing][] = [
  [/gift card/i, giftCard],
  [/pack 26/i, dayPack(290)], [/day pack/i, dayPack(250)], [/roll-top/i, rollTop], [/duffel 70/i, duffel(316)], [/duffel/i, duffel(264)], [/messenger/i, messenger],
  [/hip bag/i, hipBag], [/tote/i, tote], [/pack/i, trekkingPack], [/sling/i, sling],
  [/sleeping bag/i, sleepingBag], [/tent/i, tent], [/stove/i, stove], [/lantern/i, lantern], [/bottle/i, bottle],
  [/carrier/i, carrier], [/mat 8/i, mat(8)], [/mat/i, mat(3)], [/block/i, blocks], [/strap/i, strap], [/bolster/i, bolster], [/ball/i, ball], [/cushion/i, cushion],
  [/field watch/i, analogue('field')], [/dive watch/i, analogue('dive')], [/altimeter/i, analogue('altimeter')], [/sports watch mini/i, sports(0.86)], [/sports watch/i, sports(1)], [/watch/i, analogue('plain')],
  [/boot/i, shoe({ high: true, sole: 'lugs', toeCap: true })], [/trail shoe/i, shoe({ sole: 'lugs', toeCap: true })], [/running/i, shoe({ sole: 'wave', stripes: true })], [/sandal/i, sandal], [/shoe|sneaker/i, shoe({ sole: 'flat' })],
  [/rain jacket/i, garment({ hem: 360, hood: true, zip: true, pockets: 'slanted' })], [/down jacket/i, garment({ hem: 348, hood: true, quilted: true, zip: true })],
  [/parka/i, garment({ hem: 404, hood: true, zip: true, pockets: 'patched' })], [/coat/i, garment({ hem: 430, lapels: true, buttons: 4, belt: true })], [/wind shirt/i, garment({ hem: 352, hood: true, zip: true, yoke: true })],
  [/fleece/i, garment({ hem: 350, yoke: true, zip: true, pockets: 'chest', ribbed: true })], [/softshell/i, garment({ hem: 352, zip: true, pockets: 'slanted', yoke: true })], [/jacket/i, garment({ hem: 344, zip: true, pockets: 'slanted', ribbed: true })],
  [/base layer/i, garment({ hem: 350, ribbed: true })], [/flannel/i, garment({ hem: 362, collar: true, buttons: 6, checked: true, pockets: 'chest' })], [/linen/i, garment({ hem: 364, collar: true, buttons: 6 })], [/shirt|tee/i, garment({ hem: 350, short: true })],
  [/leggings/i, trousers('leggings')], [/shorts/i, trousers('shorts')], [/trousers/i, trousers('trekking')],
  [/beanie/i, beanie], [/cap/i, cap], [/glove/i, gloves],
];

const walls: [RegExp, string][] = [
  [/yoga/i, '#dfe2d3'], [/bags/i, '#e6dfd1'], [/women\/jackets/i, '#e9ddd4'], [/jackets/i, '#d9e0df'], [/shoes/i, '#e8ddd0'], [/watches/i, '#dcdcdd'], [/tops/i, '#e7dfd2'], [/trousers/i, '#dddfd8'], [/camping/i, '#d8e0d8'],
];

/** The product in one of its colours; the first of them when none is named. Nothing about it is left to chance. */
export function picture(product: Pictured, colour = product.colours[0]): string {
  const base = hex(colour);
  const other = product.colours.find((candidate) => candidate !== colour);
  // What comes in one colour only has its trimmings darker or lighter.
  const accent = other ? hex(other) : parseInt(base.slice(3, 5), 16) > 120 ? shade(base, 0.5) : tint(base, 0.5);
  const drawing = drawings.find(([name]) => name.test(product.name))?.[1] ?? giftCard;
  const wall = walls.find(([category]) => product.categories.some((path) => category.test(path)))?.[1] ?? '#e5e0d5';
  return scene(drawing, { base, accent }, wall);
}

const addresses = new Map<string, string>();

/** The same as an address for an image. */
export function pictureAddress(product: Pictured, colour = product.colours[0]): string {
  const key = product.sku + ' ' + (colour ?? '');
  let address = addresses.get(key);
  if (!address) addresses.set(key, (address = 'data:image/svg+xml,' + encodeURIComponent(picture(product, colour))));
  return address;
}
