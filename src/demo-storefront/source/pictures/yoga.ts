import { shade, tint } from './colours';
import { box, type Drawing, floor, line, oval, path, seam } from './scene';

const roll = (y: number, r: number, colour: string): string =>
  box(66, y - r, 252, r * 2, r * 0.5, 'url(#baseFall)') + oval(318, y, r * 0.52, r, shade(colour, 0.18)) +
  Array.from({ length: 5 }, (_, i) => oval(318, y, r * 0.52 * (0.88 - i * 0.18), r * (0.88 - i * 0.18), 'none', `stroke="${i % 2 ? tint(colour, 0.25) : shade(colour, 0.42)}" stroke-width="3"`)).join('');

/** A rolled mat, a little of it laid out; the thicker one is a larger roll. */
export const mat = (thickness: number): Drawing => ({ base }) => {
  const r = 36 + thickness * 3;
  return floor(320, 418) + path('M66 392 H318 L352 436 H30 Z', 'url(#base)') + path('M30 436 H352 V442 H30 Z', shade(base, 0.4)) + line('M52 424 H332', tint(base, 0.4), 1.6, 'opacity=".7"') + roll(402 - r, r, base) + box(110, 402 - r * 2 - 2, 14, r * 2 + 4, 5, 'url(#accentFall)') + box(246, 402 - r * 2 - 2, 14, r * 2 + 4, 5, 'url(#accentFall)');
};

export const carrier: Drawing = ({ base, accent }) => floor(320, 418) + line('M112 330 C90 130 290 110 258 330', shade(base, 0.1), 12) + line('M112 330 C90 130 290 110 258 330', tint(base, 0.35), 1.5, 'stroke-dasharray="5 4" opacity=".6"') +
  box(66, 306, 252, 108, 30, 'url(#accentFall)') + oval(318, 360, 28, 54, shade(accent, 0.18)) + [46, 34, 22, 10].map((r) => oval(318, 360, r * 0.52, r, 'none', `stroke="${shade(accent, 0.42)}" stroke-width="3"`)).join('') +
  box(100, 302, 26, 116, 8, 'url(#baseFall)') + box(246, 302, 26, 116, 8, 'url(#baseFall)') + box(98, 322, 30, 16, 4, '#b9b2a2') + box(244, 322, 30, 16, 4, '#b9b2a2');

const speckles = (x: number, y: number, width: number, height: number, colour: string): string =>
  Array.from({ length: 60 }, (_, i) => oval(x + ((i * 73) % width), y + ((i * 41 + (i % 7) * 13) % height), 1 + (i % 3), 0.8 + (i % 2), shade(colour, 0.25 + (i % 4) * 0.1), 'opacity=".55"')).join('');

export const blocks: Drawing = ({ base }) => {
  const cork = (x: number, y: number) => path(`M${x} ${y} l34 -24 h180 l-34 24z`, tint(base, 0.3)) + path(`M${x + 180} ${y} l34 -24 v84 l-34 24z`, 'url(#baseDark)') + box(x, y, 180, 84, 4, 'url(#base)') + speckles(x + 6, y + 6, 168, 72, base);
  return floor(270, 418) + cork(82, 330) + `<g transform="rotate(-5 190 280)">${cork(98, 222)}</g>`;
};

export const strap: Drawing = ({ base, accent }) => floor(220, 418) + [150, 126, 102, 78, 54].map((r, i) => oval(192, 330, r * 0.86, r * 0.56, i % 2 ? shade(base, 0.16) : 'url(#base)', `stroke="${shade(base, 0.36)}" stroke-width="2"`)).join('') + oval(192, 330, 24, 15, shade(base, 0.6)) +
  path('M302 296 C350 320 346 400 300 414 L286 392 C318 382 318 336 286 318 Z', 'url(#baseDark)') + oval(318, 300, 25, 25, 'none', 'stroke="#b9bcbc" stroke-width="8"') + oval(326, 292, 25, 25, 'none', 'stroke="#8f9494" stroke-width="7"') + seam('M64 330 C70 260 300 250 316 326', accent);

export const bolster: Drawing = ({ base, accent }) => floor(330, 418) + path('M84 286 H300 V414 H84 C48 414 48 286 84 286 Z', 'url(#baseFall)') + oval(302, 350, 44, 64, 'url(#base)') + oval(302, 350, 44, 64, 'none', `stroke="${shade(base, 0.35)}" stroke-width="3"`) + oval(302, 350, 12, 17, shade(base, 0.3)) +
  [0, 45, 90, 135].map((turn) => `<g transform="rotate(${turn} 302 350)">${line('M302 312 V336', shade(base, 0.3), 2)}</g>`).join('') + seam('M62 306 H292', base) + line('M130 288 C170 250 220 250 250 288', shade(accent, 0.2), 9) + oval(180, 306, 90, 10, tint(base, 0.5), 'opacity=".35" filter="url(#blur)"');

export const ball: Drawing = ({ base }) => floor(220, 416) +
  `<radialGradient id="globe" cx=".34" cy=".28" r=".8"><stop offset="0" stop-color="${tint(base, 0.72)}"/><stop offset=".45" stop-color="${base}"/><stop offset="1" stop-color="${shade(base, 0.55)}"/></radialGradient>` +
  oval(200, 270, 144, 144, 'url(#globe)') + [44, 84, 118, 138].map((r, i) => oval(200, 270 + (i - 1) * 2, 144 - i * 3, r, 'none', `stroke="${shade(base, 0.3)}" stroke-width="1.6" opacity=".45"`)).join('') + oval(150, 190, 36, 22, '#fff', 'opacity=".5" filter="url(#blur)"');

export const cushion: Drawing = ({ base, accent }) => floor(300, 418) + path('M66 330 C50 344 50 392 74 406 Q200 432 326 406 C350 392 350 344 334 330 Z', 'url(#baseFall)') + oval(200, 326, 138, 54, 'url(#base)') + oval(200, 326, 138, 54, 'none', `stroke="${shade(base, 0.4)}" stroke-width="3"`) +
  Array.from({ length: 13 }, (_, i) => line(`M${76 + i * 20.6} ${352 + Math.sin((i / 12) * Math.PI) * 24} v42`, shade(base, 0.38), 3, 'opacity=".6"')).join('') + Array.from({ length: 16 }, (_, i) => `<g transform="rotate(${i * 22.5} 200 322) "><path d="M200 322 l0 -22" stroke="${shade(base, 0.3)}" stroke-width="2" opacity=".7"/></g>`).join('') + oval(200, 322, 11, 7, accent === base ? tint(base, 0.5) : accent) + oval(160, 304, 60, 12, tint(base, 0.6), 'opacity=".3" filter="url(#blur)"');

