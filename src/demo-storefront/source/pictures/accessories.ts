import { shade, tint } from './colours';
import { box, type Drawing, floor, hanging, line, mirrored, oval, path, seam, within } from './scene';

export const beanie: Drawing = ({ base }) => {
  const crown = 'M96 300 C84 160 140 112 200 112 C260 112 316 160 304 300 Z';
  return floor(230, 388) + oval(200, 106, 28, 26, 'url(#base)') + path(crown, 'url(#base)') +
    within('crown', crown, Array.from({ length: 15 }, (_, i) => line(`M${200 + (i - 7) * 7} 106 Q${200 + (i - 7) * 18} 180 ${200 + (i - 7) * 16.5} 310`, shade(base, 0.34), 2.4, 'opacity=".65"')).join('') + oval(280, 260, 46, 110, shade(base, 0.5), 'opacity=".4" filter="url(#blur)"')) +
    path('M86 286 Q200 316 314 286 L318 366 Q200 396 82 366 Z', 'url(#baseFall)') + Array.from({ length: 22 }, (_, i) => line(`M${92 + i * 10.4} ${294 + Math.sin((i / 21) * Math.PI) * 12} v68`, shade(base, 0.36), 2.6, 'opacity=".6"')).join('') + box(236, 322, 46, 26, 3, '#f1ece0') + `<text x="259" y="339" text-anchor="middle" font-family="Georgia,serif" font-style="italic" font-size="10" fill="#3a3a36">Lindgrove</text>`;
};

export const cap: Drawing = ({ base, accent }) => floor(280, 372) + path('M92 320 C92 206 146 168 206 168 C270 170 300 220 302 320 Q200 346 92 320 Z', 'url(#base)') + line('M200 168 Q160 230 166 332', shade(base, 0.36), 2.4) + line('M206 168 Q262 230 258 330', shade(base, 0.36), 2.4) + seam('M192 170 Q152 232 158 330', base) + oval(204, 167, 11, 7, shade(accent, 0.1)) +
  oval(140, 236, 24, 44, tint(base, 0.5), 'opacity=".35" filter="url(#blur)"') + path('M160 314 Q260 296 306 312 Q372 330 376 356 Q300 338 214 350 Q176 352 160 314 Z', 'url(#baseDark)') + seam('M178 324 Q280 306 358 344', base) + path('M184 236 h48 v42 q-24 10 -48 0z', tint(accent, 0.15)) + line('M190 268 L202 250 L210 260 L218 246 L228 268', tint(accent, 0.85), 3);

export const gloves: Drawing = ({ base, accent }) => {
  const glove = 'M86 420 L82 300 C62 284 46 256 52 238 C60 226 74 238 88 256 L82 150 C82 132 102 132 104 150 L108 224 L110 128 C112 110 132 110 134 128 L134 224 L142 134 C146 118 164 120 164 138 L158 230 L170 168 C176 154 192 160 190 174 C188 240 186 280 176 308 L176 420 Z';
  const one = path(glove, 'url(#base)') + within('glove', glove, oval(170, 330, 30, 90, shade(base, 0.6), 'opacity=".5" filter="url(#blur)"') + oval(104, 250, 20, 60, tint(base, 0.5), 'opacity=".28" filter="url(#blur)"') + box(70, 366, 120, 60, 0, shade(base, 0.4)) + [78, 90, 102, 114, 126, 138, 150, 162].map((x) => line(`M${x} 370 V424`, shade(base, 0.65), 2)).join('')) + oval(182, 172, 9, 12, tint(accent, 0.4)) + oval(64, 246, 9, 9, tint(accent, 0.4)) + box(108, 330, 40, 16, 3, tint(base, 0.72));
  return hanging(`<g transform="translate(10 -4)">${one}</g>${mirrored(`<g transform="translate(10 12)">${one}</g>`)}`);
};

export const giftCard: Drawing = () => floor(290, 386) +
  `<g transform="rotate(-7 200 260)">${box(62, 166, 276, 176, 16, '#c9bfa9')}</g><g transform="rotate(4 200 260)" filter="url(#drop)"><linearGradient id="card" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#2f5d52"/><stop offset="1" stop-color="#16322c"/></linearGradient>${box(60, 170, 280, 178, 16, 'url(#card)')}` +
  within('card-edge', 'M76 170 H324 Q340 170 340 186 V332 Q340 348 324 348 H76 Q60 348 60 332 V186 Q60 170 76 170 Z', path('M40 360 L130 250 L176 300 L238 218 L360 360 Z', '#e9dcc0', 'opacity=".16"') + path('M40 360 L196 286 L250 320 L300 270 L380 360 Z', '#e9dcc0', 'opacity=".2"') + oval(286, 222, 24, 24, '#e2a64d')) +
  `<text x="84" y="212" font-family="Georgia,serif" font-size="25" fill="#f4ead6">Sund &amp; Berg</text><text x="84" y="234" font-family="Arial,sans-serif" font-size="11" letter-spacing="3" fill="#f4ead6" opacity=".8">GIFT CARD</text></g>`;
