import { shade, tint } from './colours';
import { box, type Drawing, hanging, line, mirrored, oval, path, seam, within } from './scene';

interface Cut {
  /** Where the hem is. */
  hem: number;
  hood?: boolean;
  quilted?: boolean;
  lapels?: boolean;
  collar?: boolean;
  zip?: boolean;
  buttons?: number;
  pockets?: 'slanted' | 'patched' | 'chest';
  /** Shoulders in the second colour. */
  yoke?: boolean;
  checked?: boolean;
  short?: boolean;
  ribbed?: boolean;
  belt?: boolean;
}

const torso = (hem: number) =>
  `M166 104 Q200 122 234 104 C250 114 272 120 288 130 C298 150 294 190 286 222 L292 ${hem - 8} Q200 ${hem + 12} 108 ${hem - 8} L114 222 C106 190 102 150 112 130 C128 120 150 114 166 104 Z`;

const longSleeve = 'M113 130 C90 142 82 178 76 236 L62 350 Q61 362 74 364 L98 366 Q107 366 108 356 L122 214 Z';
const shortSleeve = 'M113 130 C92 140 80 170 66 214 Q64 222 72 226 L104 236 Q112 238 114 230 L122 196 Z';

/** Anything worn above the waist. */
export const garment = (cut: Cut): Drawing => ({ base, accent }) => {
  const { hem } = cut;
  const outline = torso(hem);
  const sleeve = cut.short ? shortSleeve : longSleeve;
  const folds =
    line(`M132 214 Q138 ${(214 + hem) / 2} 128 ${hem - 6}`, shade(base, 0.4), 5, 'opacity=".28" filter="url(#blur)"') +
    line(`M262 200 Q252 ${(200 + hem) / 2} 270 ${hem}`, shade(base, 0.5), 12, 'opacity=".4" filter="url(#blur)"') +
    oval(160, 200, 26, 70, tint(base, 0.5), 'opacity=".28" filter="url(#blur)"');
  const quilt = cut.quilted
    ? Array.from({ length: Math.ceil((hem - 120) / 30) }, (_, i) => 138 + i * 30).map((y) =>
        line(`M70 ${y + 8} Q200 ${y + 24} 330 ${y + 8}`, tint(base, 0.34), 8, 'opacity=".4" filter="url(#blur)"') + line(`M70 ${y} Q200 ${y + 16} 330 ${y}`, shade(base, 0.42), 2.4)).join('')
    : '';
  const checks = cut.checked
    ? Array.from({ length: 12 }, (_, i) => box(96 + i * 19, 90, i % 3 ? 2.5 : 7, 330, 0, accent, 'opacity=".5"')).join('') +
      Array.from({ length: 15 }, (_, i) => box(60, 110 + i * 19, 280, i % 3 ? 2.5 : 7, 0, accent, 'opacity=".5"')).join('')
    : '';
  const sleeveInner = cut.quilted
    ? Array.from({ length: 8 }, (_, i) => line(`M50 ${160 + i * 28} L130 ${150 + i * 28}`, shade(base, 0.42), 2.2)).join('')
    : cut.checked ? `<g transform="rotate(6 90 240)">${Array.from({ length: 15 }, (_, i) => box(40, 130 + i * 19, 100, i % 3 ? 2.5 : 6, 0, accent, 'opacity=".45"')).join('')}${box(78, 100, 6, 280, 0, accent, 'opacity=".45"')}${box(98, 100, 3, 280, 0, accent, 'opacity=".45"')}</g>` : line('M96 180 Q90 270 84 350', shade(base, 0.4), 6, 'opacity=".3" filter="url(#blur)"');
  const cuff = cut.short ? seam('M70 214 L108 226', base) : cut.ribbed || cut.quilted ? path('M63 342 L108 346 L107 357 Q106 366 98 366 L74 364 Q61 362 62 352 Z', shade(base, 0.35)) : seam('M65 346 L106 350', base);
  const arm = path(sleeve, 'url(#base)') + within('arm', sleeve, sleeveInner) + cuff;
  const pocket = cut.pockets === 'slanted' ? line(`M136 ${hem - 96} L126 ${hem - 46}`, shade(base, 0.5), 4) + line(`M264 ${hem - 96} L274 ${hem - 46}`, shade(base, 0.5), 4)
    : cut.pockets === 'patched' ? [126, 220].map((x) => box(x, hem - 106, 54, 66, 5, 'url(#baseFall)', `stroke="${shade(base, 0.35)}" stroke-width="1.4"`) + box(x - 2, hem - 108, 58, 18, 4, 'url(#base)', `stroke="${shade(base, 0.35)}" stroke-width="1.4"`)).join('')
    : cut.pockets === 'chest' ? box(224, 176, 38, 44, 4, 'url(#baseFall)', `stroke="${shade(base, 0.3)}" stroke-width="1.3"`) : '';
  return hanging(
    (cut.hood ? path('M148 124 C132 46 268 46 252 124 Q200 150 148 124 Z', 'url(#baseDark)') + oval(200, 104, 38, 26, shade(base, 0.62)) : '') +
    arm + mirrored(arm) +
    path(outline, 'url(#base)') +
    within('torso', outline,
      (cut.yoke ? path('M90 96 H310 V180 Q200 206 90 180 Z', 'url(#accent)') + seam('M100 186 Q200 210 300 186', accent) : '') + checks + quilt + folds +
      (cut.ribbed ? path(`M90 ${hem - 22} Q200 ${hem - 2} 310 ${hem - 22} V${hem + 30} H90 Z`, shade(base, 0.35)) : seam(`M104 ${hem - 18} Q200 ${hem + 2} 296 ${hem - 18}`, base))) +
    (cut.hood ? '' : path('M164 104 Q200 136 236 104 Q200 116 164 104 Z', shade(base, 0.6)) + (cut.collar || cut.lapels ? '' : line('M164 104 Q200 140 236 104', shade(base, 0.3), 7))) +
    (cut.hood ? path('M150 122 Q172 150 200 156 Q228 150 250 122 Q262 132 254 150 Q226 172 200 174 Q174 172 146 150 Q138 132 150 122 Z', 'url(#baseFall)') : '') +
    (cut.collar && !cut.lapels ? path('M160 100 Q172 132 200 138 L188 158 Q160 146 150 110 Z', 'url(#baseFall)', `stroke="${shade(base, 0.3)}" stroke-width="1.2"`) + path('M240 100 Q228 132 200 138 L212 158 Q240 146 250 110 Z', 'url(#baseFall)', `stroke="${shade(base, 0.3)}" stroke-width="1.2"`) : '') +
    (cut.lapels ? path('M166 102 L200 226 L156 172 L140 176 L148 114 Z', 'url(#baseFall)', `stroke="${shade(base, 0.35)}" stroke-width="1.4"`) + path('M234 102 L200 226 L244 172 L260 176 L252 114 Z', 'url(#baseDark)', `stroke="${shade(base, 0.4)}" stroke-width="1.4"`) + path('M168 104 L200 222 L232 104 Q200 122 168 104 Z', tint(accent, 0.72)) : '') +
    (cut.zip ? line(`M200 ${cut.hood ? 158 : 118} V${hem}`, shade(base, 0.55), 5) + line(`M200 ${cut.hood ? 158 : 118} V${hem}`, tint(accent, 0.25), 1.6, 'stroke-dasharray="2.5 2.5"') + box(197, cut.hood ? 170 : 136, 6, 17, 3, accent) : '') +
    (cut.buttons ? line(`M200 ${cut.lapels ? 226 : 140} V${hem}`, shade(base, 0.35), 1.6) + Array.from({ length: cut.buttons }, (_, i) => oval(cut.lapels ? 212 : 200, (cut.lapels ? 236 : 164) + i * ((hem - (cut.lapels ? 260 : 180)) / (cut.buttons ?? 1)), cut.lapels ? 6 : 3.6, cut.lapels ? 6 : 3.6, tint(accent, 0.1), `stroke="${shade(base, 0.5)}" stroke-width="1"`)).join('') : '') +
    (cut.belt ? box(112, 272, 176, 22, 4, 'url(#baseDark)') + box(188, 266, 26, 34, 4, 'none', `stroke="${shade(base, 0.55)}" stroke-width="4"`) : '') +
    pocket + (cut.zip && !cut.quilted ? box(228, 196, 26, 9, 2, tint(accent, 0.2)) : ''));
};

/** Legs: long, tight, or above the knee. */
export const trousers = (cut: 'trekking' | 'leggings' | 'shorts'): Drawing => ({ base, accent }) => {
  const tight = cut === 'leggings';
  const end = cut === 'shorts' ? 282 : 424;
  const [waist, hip, knee] = tight ? [150, 132, 148] : [140, 120, 124];
  const foot = cut === 'shorts' ? [112, 192] : tight ? [158, 190] : [132, 188];
  const leg = `M${waist} 78 H201 V150 L${foot[1]} ${end} Q${((foot[0] ?? 0) + (foot[1] ?? 0)) / 2} ${end + 7} ${foot[0]} ${end} ${cut === 'shorts' ? '' : `L${knee} 280`} L${hip} 140 Z`;
  const details = tight
    ? line(`M${knee + 8} 200 Q150 300 166 410`, tint(base, 0.4), 7, 'opacity=".35" filter="url(#blur)"') + line('M196 156 L186 416', shade(base, 0.4), 2)
    : line(`M${hip + 22} 110 Q${hip + 18} 136 ${hip + 2} 146`, shade(base, 0.5), 3) + seam(`M${hip + 10} 158 L${(foot[0] ?? 0) + 9} ${end - 12}`, base) +
      line(`M160 160 Q156 260 162 ${end - 6}`, tint(base, 0.4), 8, 'opacity=".35" filter="url(#blur)"') +
      (cut === 'trekking' ? box(134, 226, 40, 52, 5, 'url(#baseFall)', `stroke="${shade(base, 0.35)}" stroke-width="1.4"`) + box(132, 222, 44, 15, 4, 'url(#base)', `stroke="${shade(base, 0.35)}" stroke-width="1.4"`) + seam('M130 318 H184', base) : '') + seam(`M${(foot[0] ?? 0) + 2} ${end - 10} H${(foot[1] ?? 0) - 2}`, base);
  return hanging(
    path(leg, 'url(#base)') + details + mirrored(path(leg, 'url(#base)') + details) +
    path(`M${waist} 60 H${400 - waist} L${400 - waist + 2} 86 H${waist - 2} Z`, tight ? 'url(#baseDark)' : 'url(#baseFall)') +
    (tight ? '' : line('M200 86 V140', shade(base, 0.45), 2.5) + oval(200, 73, 5, 5, accent, `stroke="${shade(base, 0.5)}" stroke-width="1"`) + [158, 236].map((x) => box(x, 58, 7, 32, 2, 'url(#baseDark)')).join('')));
};
