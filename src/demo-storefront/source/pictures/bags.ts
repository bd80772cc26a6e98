import { shade, tint } from './colours';
import { box, type Drawing, floor, hanging, line, mirrored, oval, path, seam, within } from './scene';

const buckle = (x: number, y: number) => box(x - 7, y - 5, 14, 10, 2.5, '#33363a') + box(x - 3, y - 2, 6, 4, 1, '#8d9196');

/** A day pack; the larger one is taller. */
export const dayPack = (height: number): Drawing => ({ base, accent }) => {
  const top = 414 - height;
  const body = `M128 ${top + 64} C128 ${top + 12} 160 ${top} 200 ${top} C240 ${top} 272 ${top + 12} 272 ${top + 64} L280 386 Q281 414 254 414 L146 414 Q119 414 120 386 Z`;
  return (
    floor(220) +
    line(`M176 ${top + 6} Q176 ${top - 30} 200 ${top - 30} Q224 ${top - 30} 224 ${top + 6}`, shade(base, 0.45), 9) +
    path(`M126 ${top + 90} Q96 ${top + 130} 108 396 L126 404 Z`, 'url(#baseDark)') + mirrored(path(`M126 ${top + 90} Q96 ${top + 130} 108 396 L126 404 Z`, 'url(#baseDark)')) +
    path(body, 'url(#base)') +
    within('pack', body,
      oval(280, 300, 60, 150, shade(base, 0.5), 'opacity=".35" filter="url(#blur)"') +
      line(`M122 ${top + 92} Q200 ${top + 60} 278 ${top + 92}`, shade(base, 0.5), 4) +
      line(`M122 ${top + 95} Q200 ${top + 63} 278 ${top + 95}`, tint(base, 0.35), 1.5, 'opacity=".7"')) +
    path(`M146 ${top + 150} Q200 ${top + 136} 254 ${top + 150} L260 376 Q260 392 244 392 L156 392 Q140 392 140 376 Z`, 'url(#baseFall)', `stroke="${shade(base, 0.35)}" stroke-width="1.5"`) +
    line(`M148 ${top + 172} Q200 ${top + 158} 252 ${top + 172}`, shade(base, 0.55), 4) + seam(`M150 ${top + 182} Q200 ${top + 168} 250 ${top + 182}`, base) +
    box(236, top + 168, 5, 22, 2.5, accent) +
    box(178, top + 96, 44, 16, 3, shade(accent, 0.1)) + box(184, top + 102, 32, 3, 1.5, tint(accent, 0.6)) +
    line(`M200 ${top + 4} V${top + 58}`, shade(base, 0.32), 2, 'opacity=".6"') + seam('M156 380 Q200 386 244 380', base)
  );
};

export const rollTop: Drawing = ({ base, accent }) => {
  const body = 'M126 150 H274 L282 388 Q282 414 256 414 H144 Q118 414 118 388 Z';
  return (
    floor(220) + path('M124 190 Q96 220 106 398 L124 406 Z', 'url(#baseDark)') + mirrored(path('M124 190 Q96 220 106 398 L124 406 Z', 'url(#baseDark)')) +
    path(body, 'url(#base)') + within('roll', body, oval(286, 320, 56, 130, shade(base, 0.5), 'opacity=".4" filter="url(#blur)"') + path('M118 178 Q200 196 282 178 V150 H118 Z', shade(base, 0.3), 'opacity=".5"')) +
    box(116, 116, 168, 34, 15, 'url(#baseFall)') + box(122, 96, 156, 26, 12, 'url(#baseFall)') + line('M130 121 H270', shade(base, 0.45), 2.5) +
    line('M122 112 L118 222', shade(accent, 0.25), 9) + line('M278 112 L282 222', shade(accent, 0.25), 9) + buckle(119, 190) + buckle(281, 190) +
    path('M146 262 H254 V376 Q254 390 240 390 H160 Q146 390 146 376 Z', 'url(#baseFall)', `stroke="${shade(base, 0.35)}" stroke-width="1.5"`) +
    line('M148 284 H252', shade(base, 0.5), 4) + seam('M152 294 H248', base) + box(176, 216, 48, 17, 3, shade(accent, 0.15)) + box(183, 223, 34, 3, 1.5, tint(accent, 0.65))
  );
};

export const trekkingPack: Drawing = ({ base, accent }) => {
  const body = 'M132 120 Q200 96 268 120 L284 384 Q284 414 254 414 H146 Q116 414 116 384 Z';
  return (
    floor(240) + path('M124 206 Q86 236 98 380 Q100 400 122 402 Z', 'url(#accentDark)') + mirrored(path('M124 206 Q86 236 98 380 Q100 400 122 402 Z', 'url(#accentDark)')) +
    path(body, 'url(#base)') + within('trek', body, oval(290, 300, 60, 150, shade(base, 0.5), 'opacity=".4" filter="url(#blur)"')) +
    path('M124 132 C122 72 152 62 200 62 C248 62 278 72 276 132 Q276 162 252 164 H148 Q124 162 124 132 Z', 'url(#accent)') +
    line('M130 128 Q200 112 270 128', shade(accent, 0.45), 4) +
    line('M156 158 V300', shade(accent, 0.35), 8) + line('M244 158 V300', shade(accent, 0.35), 8) + buckle(156, 206) + buckle(244, 206) +
    path('M146 292 Q200 280 254 292 L260 378 Q260 394 244 394 H156 Q140 394 140 378 Z', 'url(#baseFall)', `stroke="${shade(base, 0.4)}" stroke-width="1.5"`) +
    line('M148 312 Q200 300 252 312', shade(base, 0.5), 4) + seam('M152 384 H248', base) +
    line('M272 210 L262 356', '#caa24a', 3.5) + box(178, 222, 44, 16, 3, tint(base, 0.75)) + box(185, 228, 30, 4, 2, shade(base, 0.3)) + line('M182 66 Q182 42 200 42 Q218 42 218 66', shade(accent, 0.4), 8)
  );
};

/** A duffel on the floor; the larger one is longer. */
export const duffel = (length: number): Drawing => ({ base, accent }) => {
  const [left, right] = [200 - length / 2, 200 + length / 2];
  const body = `M${left + 20} 268 Q200 240 ${right - 20} 268 Q${right} 276 ${right} 340 Q${right} 404 ${right - 22} 412 H${left + 22} Q${left} 404 ${left} 340 Q${left} 276 ${left + 20} 268 Z`;
  return (
    floor(length + 20) + line(`M152 300 C140 176 260 176 248 300`, shade(base, 0.5), 10) +
    path(body, 'url(#baseFall)') +
    within('duf', body, oval(200, 268, length / 2, 22, tint(base, 0.4), 'opacity=".35" filter="url(#blur)"') + oval(right, 350, 50, 90, shade(base, 0.6), 'opacity=".5" filter="url(#blur)"')) +
    line(`M${left + 30} 276 Q200 252 ${right - 30} 276`, shade(base, 0.55), 5) + line(`M${left + 30} 279 Q200 255 ${right - 30} 279`, accent, 1.6) +
    path(`M138 262 L152 258 L150 411 H132 Z`, shade(accent, 0.2)) + path(`M262 262 L248 258 L250 411 H268 Z`, shade(accent, 0.3)) +
    seam('M136 268 L134 408', accent) + seam('M264 268 L266 408', accent) +
    line('M142 320 C148 214 252 214 258 320', shade(accent, 0.3), 9) + box(180, 228, 40, 18, 8, shade(base, 0.55)) +
    box(176, 330, 48, 17, 3, tint(base, 0.7)) + box(183, 337, 34, 3, 1.5, shade(base, 0.2))
  );
};

export const messenger: Drawing = ({ base, accent }) => {
  const flap = 'M92 214 H308 L312 336 Q312 350 298 350 H102 Q88 350 88 336 Z';
  return (
    floor(250) + line('M104 220 C104 40 296 40 296 220', shade(accent, 0.3), 13) + line('M104 220 C104 40 296 40 296 220', tint(accent, 0.2), 1.5, 'stroke-dasharray="5 4" opacity=".6"') +
    path('M84 222 H316 L322 390 Q322 414 300 414 H100 Q78 414 78 390 Z', 'url(#baseDark)') + path(flap, 'url(#base)') +
    within('flap', flap, oval(300, 330, 80, 70, shade(base, 0.5), 'opacity=".4" filter="url(#blur)"')) + seam('M98 340 H302', base) +
    path('M134 300 h22 v66 h-22z', shade(accent, 0.2)) + path('M244 300 h22 v66 h-22z', shade(accent, 0.2)) + buckle(145, 352) + buckle(255, 352) +
    box(178, 244, 44, 16, 3, shade(accent, 0.15)) + box(185, 250, 30, 3, 1.5, tint(accent, 0.6))
  );
};

export const hipBag: Drawing = ({ base, accent }) => {
  const body = 'M106 262 Q110 226 200 222 Q290 226 294 262 L288 316 Q280 350 200 354 Q120 350 112 316 Z';
  return hanging(
    line('M112 270 C20 250 40 150 120 120 C180 98 250 100 290 128 C366 170 360 260 288 270', shade(base, 0.5), 15) + buckle(120, 121) + buckle(139, 114) +
    path(body, 'url(#baseFall)') + within('hip', body, oval(270, 340, 90, 50, shade(base, 0.6), 'opacity=".45" filter="url(#blur)"')) +
    line('M116 258 Q200 232 284 258', shade(base, 0.55), 5) + line('M116 261 Q200 235 284 261', accent, 1.6) +
    path('M136 292 Q200 276 264 292 L258 326 Q200 342 142 326 Z', 'url(#base)', `stroke="${shade(base, 0.35)}" stroke-width="1.5"`) + line('M140 296 Q200 280 260 296', shade(base, 0.5), 3.5) + box(252, 258, 5, 20, 2.5, accent));
};

export const tote: Drawing = ({ base, accent }) => {
  const body = 'M98 196 H302 L292 404 Q291 414 280 414 H120 Q109 414 108 404 Z';
  return (
    floor(230) + line('M150 214 C146 60 254 60 250 214', shade(accent, 0.05), 11) +
    path(body, 'url(#base)') + within('tote', body, oval(300, 330, 60, 120, shade(base, 0.5), 'opacity=".3" filter="url(#blur)"') + line('M170 240 Q160 330 176 414', shade(base, 0.25), 3, 'opacity=".35"') + line('M246 260 Q254 330 240 414', shade(base, 0.25), 3, 'opacity=".35"')) +
    path('M106 352 H294 L291 404 Q290 414 280 414 H120 Q110 414 109 404 Z', 'url(#accent)') + seam('M112 360 H288', accent) +
    line('M144 236 L146 200 C146 100 254 100 254 200 L256 236', shade(accent, 0.15), 11) + seam('M101 208 H299', base) + box(136, 226, 18, 20, 2, shade(accent, 0.3)) + box(247, 226, 18, 20, 2, shade(accent, 0.3)) +
    `<text x="200" y="302" text-anchor="middle" font-family="Georgia,serif" font-style="italic" font-size="24" fill="${shade(base, 0.62)}">Lindgrove</text>`
  );
};

export const sling: Drawing = ({ base, accent }) => {
  const body = 'M130 236 C136 196 236 168 272 198 C304 226 294 306 262 340 C230 368 164 366 142 336 C126 312 124 270 130 236 Z';
  return hanging(
    line('M250 206 C320 150 260 60 190 62 C96 66 76 200 136 320', shade(base, 0.5), 15) + line('M250 206 C320 150 260 60 190 62 C96 66 76 200 136 320', tint(base, 0.3), 1.4, 'stroke-dasharray="5 4" opacity=".5"') + buckle(104, 140) +
    path(body, 'url(#base)') + within('sling', body, oval(280, 320, 70, 90, shade(base, 0.6), 'opacity=".45" filter="url(#blur)"')) +
    line('M142 262 C170 222 240 204 284 230', shade(base, 0.55), 5) + line('M142 265 C170 225 240 207 284 233', accent, 1.6) +
    path('M156 296 C184 268 236 260 268 274 C264 312 240 338 206 342 C178 342 158 324 156 296 Z', 'url(#baseFall)', `stroke="${shade(base, 0.35)}" stroke-width="1.5"`) + box(234, 226, 5, 22, 2.5, accent));
};
