import { shade, tint } from './colours';
import { box, type Drawing, floor, line, oval, path, seam, within } from './scene';

export const tent: Drawing = ({ base, accent }) => floor(370, 412) + line('M196 168 L28 414', '#8b8a80', 2) + line('M212 172 L380 410', '#8b8a80', 2) +
  path('M52 410 C96 300 150 214 204 170 C262 216 312 304 350 410 Z', 'url(#baseFall)') + path('M204 170 C262 216 312 304 350 410 H232 C236 320 226 240 204 170 Z', 'url(#baseDark)') + line('M204 170 C226 240 236 320 232 410', shade(base, 0.45), 3) + line('M52 410 C96 300 150 214 204 170', tint(base, 0.35), 2.5) +
  path('M98 410 C122 330 160 260 192 226 C206 290 206 350 200 410 Z', '#2f3a34') + path('M98 410 C118 344 136 304 158 272 C164 330 150 380 132 410 Z', 'url(#accentFall)') + line('M158 272 C164 330 150 380 132 410', tint(accent, 0.4), 2) + oval(170, 396, 26, 12, '#e9c27a', 'opacity=".5" filter="url(#blur)"') +
  box(262, 330, 42, 15, 3, tint(base, 0.75)) + box(269, 336, 28, 3, 1.5, shade(base, 0.3)) + [52, 350, 28, 380].map((x) => line(`M${x} 402 l4 14`, '#6e6d64', 4)).join('');

export const sleepingBag: Drawing = ({ base, accent }) => {
  const outline = 'M124 92 C136 40 264 40 276 92 C300 160 290 250 268 400 C262 436 138 436 132 400 C110 250 100 160 124 92 Z';
  return floor(210, 432) + path(outline, 'url(#base)') + within('sack', outline, Array.from({ length: 12 }, (_, i) => line(`M90 ${150 + i * 25} Q200 ${168 + i * 25} 310 ${150 + i * 25}`, tint(base, 0.35), 8, 'opacity=".4" filter="url(#blur)"') + line(`M90 ${142 + i * 25} Q200 ${160 + i * 25} 310 ${142 + i * 25}`, shade(base, 0.42), 2.2)).join('') + oval(300, 260, 40, 170, shade(base, 0.6), 'opacity=".4" filter="url(#blur)"')) +
    path('M140 108 C144 66 256 66 260 108 C262 140 240 156 200 156 C160 156 138 140 140 108 Z', 'url(#accentDark)') + path('M152 112 C156 84 244 84 248 112 C248 132 232 142 200 142 C168 142 152 132 152 112 Z', tint(accent, 0.2)) + oval(200, 112, 36, 18, tint(accent, 0.5), 'opacity=".7"') + line('M206 156 C214 240 214 320 206 420', shade(base, 0.5), 4) + box(203, 168, 6, 18, 3, '#d6d2c4');
};

export const stove: Drawing = () => floor(240, 418) +
  `<linearGradient id="steel"><stop offset="0" stop-color="#7f888c"/><stop offset=".25" stop-color="#e8ecec"/><stop offset=".55" stop-color="#aab2b5"/><stop offset="1" stop-color="#6d767a"/></linearGradient>` +
  path('M130 346 H270 L286 414 H114 Z', '#3c4144') + path('M150 370 h100 v24 h-100z', '#23282a') + [166, 188, 210, 232].map((x) => path(`M${x} 394 q-9 -13 0 -25 q9 12 0 25z`, '#e8874a')).join('') + box(118, 332, 164, 16, 6, '#565d60') +
  line('M128 232 C92 110 308 110 272 232', '#3c4144', 8) + box(164, 132, 72, 15, 7, '#7a5238') + path('M268 262 Q318 258 326 214 L342 220 Q338 290 274 308 Z', 'url(#steel)') +
  path('M122 222 H278 L288 318 Q288 334 272 334 H128 Q112 334 112 318 Z', 'url(#steel)') + oval(200, 222, 78, 18, '#c9cfd1') + oval(200, 218, 66, 14, '#e5e9e9') + oval(200, 204, 12, 11, '#7a5238') + line('M150 246 L146 312', '#fff', 8, 'opacity=".55" filter="url(#blur)"');

export const lantern: Drawing = () => floor(180, 418) + `<radialGradient id="glow"><stop offset="0" stop-color="#f6cd6c" stop-opacity=".75"/><stop offset="1" stop-color="#f6cd6c" stop-opacity="0"/></radialGradient>` + oval(200, 280, 190, 190, 'url(#glow)') + line('M140 196 C136 62 264 62 260 196', '#2c3032', 8) + box(172, 92, 56, 14, 7, '#7a5238') +
  path('M138 212 Q140 176 200 174 Q260 176 262 212 Z', '#33383a') + `<linearGradient id="glass"><stop offset="0" stop-color="#e9b652"/><stop offset=".45" stop-color="#fff6d8"/><stop offset="1" stop-color="#dc9f3c"/></linearGradient>` + box(142, 210, 116, 132, 12, 'url(#glass)') + oval(200, 280, 26, 52, '#fff', 'opacity=".8" filter="url(#blur)"') +
  [156, 200, 244].map((x) => line(`M${x} 210 V342`, '#3b4042', 3.5)).join('') + path('M130 340 H270 L278 402 Q278 416 264 416 H136 Q122 416 122 402 Z', '#33383a') + path('M136 346 H160 L152 408 H136 Z', '#fff', 'opacity=".12"') + oval(200, 380, 13, 13, '#20262a', 'stroke="#8fc7a6" stroke-width="3"');

export const bottle: Drawing = ({ base, accent }) => floor(120, 420) + box(160, 62, 80, 62, 13, 'url(#accentRound)') + line('M176 70 C176 28 224 28 224 70', shade(accent, 0.35), 9) + box(168, 122, 64, 16, 3, '#b4babb') +
  path('M166 136 H234 C236 160 254 168 254 200 V396 Q254 420 232 420 H168 Q146 420 146 396 V200 C146 168 164 160 166 136 Z', 'url(#baseRound)') + line('M168 206 V394', '#fff', 7, 'opacity=".5" filter="url(#blur)"') + box(146, 396, 108, 8, 0, shade(base, 0.4), 'opacity=".4"') +
  `<text x="204" y="300" transform="rotate(-90 204 300)" text-anchor="middle" font-family="Arial,sans-serif" font-weight="700" font-size="25" letter-spacing="5" fill="${tint(base, 0.82)}">BERGKAMP</text>` + seam('M170 98 H230', accent);
