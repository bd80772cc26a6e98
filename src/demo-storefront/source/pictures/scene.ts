import { shade, tint } from './colours';

/** What a drawing is given: its colour, and the second one the product comes in. */
export interface Paint {
  base: string;
  accent: string;
}

/** Draws a product on a stage of 400 by 480; light comes from the upper left, the floor lies at 420. */
export type Drawing = (paint: Paint) => string;

/** A soft shadow on the floor. */
export const floor = (width: number, y = 420, x = 200): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${10 + width / 30}" fill="#1c211b" opacity=".3" filter="url(#soft)"/>`;

/** What hangs on the wall throws its shadow there. */
export const hanging = (shape: string): string => `<g filter="url(#drop)">${shape}</g>`;

export const path = (d: string, fill: string, more = ''): string => `<path d="${d}" fill="${fill}" ${more}/>`;

export const line = (d: string, stroke: string, width: number, more = ''): string =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;

export const box = (x: number, y: number, width: number, height: number, radius: number, fill: string, more = ''): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" ${more}/>`;

export const oval = (x: number, y: number, rx: number, ry: number, fill: string, more = ''): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`;

/** A seam: short stitches a little lighter than the cloth. */
export const seam = (d: string, colour: string): string => line(d, tint(colour, 0.32), 1.6, 'stroke-dasharray="5 4" opacity=".75"');

/** The other half of what is symmetrical. */
export const mirrored = (shape: string): string => `<g transform="matrix(-1 0 0 1 400 0)">${shape}</g>`;

/** Draws within the outline only. */
export const within = (id: string, outline: string, inner: string): string =>
  `<clipPath id="${id}"><path d="${outline}"/></clipPath><g clip-path="url(#${id})">${inner}</g>`;

/** Gradients by which a shape in a colour looks lit: flat, turned away, and round. */
function light(id: string, colour: string): string {
  return (
    `<linearGradient id="${id}" x1=".1" y1="0" x2=".9" y2="1"><stop offset="0" stop-color="${tint(colour, 0.2)}"/><stop offset=".45" stop-color="${colour}"/><stop offset="1" stop-color="${shade(colour, 0.3)}"/></linearGradient>` +
    `<linearGradient id="${id}Dark" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${shade(colour, 0.12)}"/><stop offset="1" stop-color="${shade(colour, 0.45)}"/></linearGradient>` +
    `<linearGradient id="${id}Round"><stop offset="0" stop-color="${shade(colour, 0.2)}"/><stop offset=".28" stop-color="${tint(colour, 0.28)}"/><stop offset=".6" stop-color="${colour}"/><stop offset="1" stop-color="${shade(colour, 0.42)}"/></linearGradient>` +
    `<linearGradient id="${id}Fall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${tint(colour, 0.26)}"/><stop offset=".4" stop-color="${colour}"/><stop offset="1" stop-color="${shade(colour, 0.34)}"/></linearGradient>`
  );
}

/** The whole picture: wall, floor, the drawing on it. */
export function scene(drawing: Drawing, paint: Paint, wall: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 480" width="800" height="960"><defs>` +
    `<linearGradient id="wall" x1="0" y1="0" x2=".5" y2="1"><stop offset="0" stop-color="${tint(wall, 0.5)}"/><stop offset="1" stop-color="${wall}"/></linearGradient>` +
    `<linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${shade(wall, 0.1)}"/><stop offset="1" stop-color="${tint(wall, 0.12)}"/></linearGradient>` +
    `<radialGradient id="sun" cx=".28" cy=".2" r=".8"><stop offset="0" stop-color="#fff" stop-opacity=".75"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>` +
    `<filter id="soft" x="-30%" y="-150%" width="160%" height="400%"><feGaussianBlur stdDeviation="9"/></filter>` +
    `<filter id="blur" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="7"/></filter>` +
    `<filter id="drop" x="-20%" y="-20%" width="150%" height="150%"><feDropShadow dx="12" dy="16" stdDeviation="12" flood-color="#20251d" flood-opacity=".28"/></filter>` +
    light('base', paint.base) + light('accent', paint.accent) +
    `</defs><rect width="400" height="480" fill="url(#wall)"/><path d="M0 396h400v84H0z" fill="url(#ground)" opacity=".55"/><rect width="400" height="480" fill="url(#sun)"/>` +
    drawing(paint) + `</svg>`
  );
}
