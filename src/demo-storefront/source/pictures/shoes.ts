import { shade, tint } from './colours';
import { box, type Drawing, floor, line, oval, path, seam, within } from './scene';

interface Last {
  /** How high the shaft is. */
  high?: boolean;
  sole: 'lugs' | 'flat' | 'wave';
  toeCap?: boolean;
  stripes?: boolean;
}

/** The other shoe of the pair stands behind. */
const pair = (shoe: string): string => `${floor(320, 376, 206)}<g transform="translate(34 -38) scale(.94)" opacity=".96"><g filter="brightness(.8)">${shoe}</g></g>${floor(300, 410, 190)}<g transform="translate(-8 6)">${shoe}</g>`;

export const shoe = (last: Last): Drawing => ({ base, accent }) => {
  const top = last.high ? 168 : 248;
  const upper = `M78 ${top + 8} Q${last.high ? 92 : 100} ${top - 4} 150 ${top} ${last.high ? 'L166 236' : 'L176 262'} Q222 ${last.high ? 294 : 300} 282 310 Q336 320 338 362 Q338 372 326 372 H76 Q62 372 64 352 Q76 300 78 ${top + 8} Z`;
  const soleFill = last.sole === 'flat' ? '#efece4' : last.sole === 'wave' ? tint(accent, 0.55) : '#3a3732';
  const sole = last.sole === 'wave'
    ? path('M58 358 Q120 350 200 362 Q280 374 344 352 Q350 382 336 396 Q200 408 78 396 Q52 390 58 358 Z', soleFill) + line('M62 380 Q200 394 342 378', shade(accent, 0.15), 4)
    : path('M58 362 H342 Q350 384 338 394 H66 Q52 388 58 362 Z', soleFill) +
      (last.sole === 'lugs' ? Array.from({ length: 12 }, (_, i) => box(66 + i * 23, 390, 14, 11, 2, '#2c2925')).join('') + line('M60 370 H340', tint(accent, 0.15), 3.5) : line('M62 376 H340', shade(base, 0.35), 2.5));
  return pair(
    path(upper, 'url(#base)') +
    within('up', upper,
      path('M60 320 Q110 300 130 372 H60 Z', 'url(#baseDark)') + (last.toeCap ? path('M270 306 Q262 340 276 376 H350 V306 Z', 'url(#accentDark)') : '') +
      oval(200, 372, 150, 22, shade(base, 0.6), 'opacity=".4" filter="url(#blur)"') + oval(210, 310, 60, 12, tint(base, 0.6), 'opacity=".35" filter="url(#blur)"') +
      (last.stripes ? line('M142 372 Q170 330 222 306', tint(accent, 0.2), 11) + line('M172 372 Q196 338 246 316', tint(accent, 0.2), 7) : '') +
      (last.high ? line('M70 214 H176', shade(base, 0.35), 3) + seam('M74 250 H170', base) : '')) +
    path(`M78 ${top + 8} Q100 ${top - 4} 150 ${top} Q152 ${top + 16} 142 ${top + 18} Q104 ${top + 14} 84 ${top + 26} Z`, shade(base, 0.6)) +
    path(`M148 ${top + 2} ${last.high ? 'L166 236' : 'L176 262'} Q212 294 262 306 L252 322 Q196 312 160 280 L134 ${top + 18} Z`, 'url(#accentFall)') +
    (last.high ? [[152, 196], [158, 222], [170, 248], [190, 272], [214, 290]] : [[166, 264], [184, 280], [206, 292], [230, 302]]).map(([x = 0, y = 0]) => line(`M${x - 14} ${y + 14} L${x + 12} ${y - 2}`, '#f3efe6', 4.5)).join('') +
    box(74, top - 8, 9, 26, 4, accent) + sole);
};

export const sandal: Drawing = ({ base }) => pair(
  path('M58 356 Q140 344 200 360 Q280 372 342 352 Q350 384 336 394 H72 Q50 388 58 356 Z', '#4a443c') + path('M58 350 Q140 336 200 352 Q280 364 342 344 Q346 358 340 366 Q200 388 64 370 Z', 'url(#accentFall)') +
  path('M246 352 Q262 286 300 288 Q326 296 332 352 Q290 366 246 352 Z', 'url(#base)') + path('M120 348 Q136 264 176 262 Q204 266 210 356 Q168 356 120 348 Z', 'url(#base)') + seam('M134 342 Q146 276 176 272 Q196 276 200 350', base) + seam('M256 350 Q270 296 300 298 Q320 302 324 348', base) +
  line('M66 350 Q60 276 84 262 Q150 254 176 276', shade(base, 0.12), 16) + box(146, 256, 22, 26, 4, '#c9c3b6') + box(152, 262, 10, 14, 2, shade(base, 0.35)));
