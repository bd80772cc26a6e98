import { shade, tint } from './colours';
import { box, type Drawing, hanging, line, oval, path, seam } from './scene';

const ticks = (x: number, y: number, r: number, colour: string, every = 30): string =>
  Array.from({ length: 360 / every }, (_, i) => `<g transform="rotate(${i * every} ${x} ${y})"><rect x="${x - (i % 3 ? 1.3 : 2.4)}" y="${y - r}" width="${i % 3 ? 2.6 : 4.8}" height="${i % 3 ? 8 : 14}" rx="1" fill="${colour}"/></g>`).join('');

const strapOf = (fill: string, colour: string, width: number): string =>
  path(`M${200 - width} 172 L${200 - width * 0.74} 34 Q200 24 ${200 + width * 0.74} 34 L${200 + width} 172 Z`, fill) + path(`M${200 - width} 300 L${200 - width * 0.72} 440 Q200 462 ${200 + width * 0.72} 440 L${200 + width} 300 Z`, fill) +
  seam(`M${200 - width + 9} 168 L${200 - width * 0.74 + 8} 42`, colour) + seam(`M${200 + width - 9} 168 L${200 + width * 0.74 - 8} 42`, colour) + seam(`M${200 - width + 9} 306 L${200 - width * 0.72 + 8} 434`, colour) + seam(`M${200 + width - 9} 306 L${200 + width * 0.72 - 8} 434`, colour) +
  [360, 386, 412].map((y) => oval(200, y, 4, 5, shade(colour, 0.6))).join('');

/** Hands and a dial. */
export const analogue = (face: 'field' | 'dive' | 'plain' | 'altimeter'): Drawing => ({ base, accent }) => {
  const metal = face === 'plain' ? tint(accent, 0.1) : base;
  const dial = face === 'plain' ? '#f5f2ea' : face === 'altimeter' ? '#2d3230' : face === 'dive' ? accent : shade(accent, 0.2);
  const mark = face === 'plain' ? '#3b3a36' : '#f3efe2';
  const strapColour = face === 'dive' ? shade(accent, 0.35) : face === 'plain' ? accent : '#5d4634';
  return hanging(
    `<linearGradient id="strap"><stop offset="0" stop-color="${shade(strapColour, 0.25)}"/><stop offset=".3" stop-color="${tint(strapColour, 0.18)}"/><stop offset="1" stop-color="${shade(strapColour, 0.35)}"/></linearGradient>` +
    strapOf('url(#strap)', strapColour, 46) + box(284, 222, 20, 28, 5, shade(metal, 0.25)) + [160, 240].map((x) => box(x - 16, 136, 32, 204, 8, shade(metal, 0.15))).join('') +
    `<linearGradient id="metal" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${tint(metal, 0.7)}"/><stop offset=".4" stop-color="${metal}"/><stop offset=".6" stop-color="${tint(metal, 0.45)}"/><stop offset="1" stop-color="${shade(metal, 0.4)}"/></linearGradient>` +
    oval(200, 236, 92, 92, 'url(#metal)') +
    (face === 'dive' || face === 'altimeter' ? oval(200, 236, 84, 84, shade(dial, 0.35)) + ticks(200, 236, 81, mark, 15) : '') +
    oval(200, 236, face === 'dive' || face === 'altimeter' ? 64 : 80, face === 'dive' || face === 'altimeter' ? 64 : 80, dial) +
    ticks(200, 236, face === 'dive' || face === 'altimeter' ? 60 : 74, mark) + (face === 'altimeter' ? oval(200, 264, 20, 20, shade(dial, 0.4), `stroke="${mark}" stroke-width="1"`) + line('M200 264 L210 254', '#e0632f', 2.4) : '') +
    `<text x="200" y="${face === 'altimeter' ? 214 : 212}" text-anchor="middle" font-family="Georgia,serif" font-size="10" letter-spacing="2" fill="${mark}" opacity=".85">MERIDIAN</text>` +
    line('M200 236 L172 208', mark, 5.5) + line('M200 236 L236 198', mark, 4) + line('M200 246 L188 292', '#d4552b', 1.8) + oval(200, 236, 5, 5, '#d4552b') +
    path('M134 200 A76 76 0 0 1 240 168 Q170 190 150 250 Z', '#fff', 'opacity=".13"'));
};

export const sports = (size: number): Drawing => ({ base, accent }) => hanging(
  `<g transform="translate(200 236) scale(${size}) translate(-200 -236)">` +
  strapOf('url(#baseRound)', base, 52) + [96, 116, 136].map((y) => box(176, y, 48, 5, 2.5, shade(base, 0.3))).join('') + box(286, 206, 12, 22, 4, shade(accent, 0.1)) + box(286, 244, 12, 22, 4, shade(base, 0.5)) +
  box(112, 148, 176, 176, 48, 'url(#baseDark)') + box(118, 152, 164, 164, 44, 'url(#base)') + box(130, 164, 140, 140, 34, '#121615') +
  `<circle cx="200" cy="234" r="54" fill="none" stroke="#2a302d" stroke-width="8"/><circle cx="200" cy="234" r="54" fill="none" stroke="#e8764a" stroke-width="8" stroke-linecap="round" stroke-dasharray="236 400" transform="rotate(-90 200 234)"/><circle cx="200" cy="234" r="42" fill="none" stroke="#8fc7a6" stroke-width="5" stroke-linecap="round" stroke-dasharray="150 400" transform="rotate(-90 200 234)"/>` +
  `<text x="200" y="240" text-anchor="middle" font-family="Arial,sans-serif" font-weight="700" font-size="27" fill="#f3f1ea">10:09</text><text x="200" y="259" text-anchor="middle" font-family="Arial,sans-serif" font-size="11" fill="#8fc7a6">64 bpm</text>` +
  path('M132 190 Q136 166 164 166 H230 Q160 190 140 270 Z', '#fff', 'opacity=".1"') + `</g>`);
