/** The colours products are described with. */
const named: Record<string, string> = {
  navy: '#2b3a55', olive: '#6b6f45', black: '#2a2c2e', ochre: '#c28a35', teal: '#2c6e70', grey: '#8b9095', natural: '#d9c9a9', red: '#b1402f',
  slate: '#566370', sand: '#d2bb94', yellow: '#e0b02f', plum: '#6a3c56', camel: '#b98a58', charcoal: '#43474b', coral: '#e0745a', mint: '#9cc9b4',
  green: '#3f6b4c', rust: '#a9532d', khaki: '#8d8259', brown: '#7a5238', white: '#eeebe4', blue: '#3b6ea0', sage: '#93a587', terracotta: '#bd6a48',
  indigo: '#3e4272', steel: '#a9b1b6', rose: '#d39a97', titanium: '#8f8d88', tan: '#bf9264', sky: '#a5c4d6', orange: '#d97432', moss: '#66744a',
  mustard: '#cf9d37',
};

export const hex = (name: string | undefined): string => named[(name ?? '').toLowerCase()] ?? '#9a958a';

/** Mixes towards black. */
export const shade = (colour: string, amount: number): string => mix(colour, '#11150f', amount);

/** Mixes towards white. */
export const tint = (colour: string, amount: number): string => mix(colour, '#ffffff', amount);

export function mix(from: string, to: string, amount: number): string {
  const channel = (at: number) => {
    const [a, b] = [parseInt(from.slice(at, at + 2), 16), parseInt(to.slice(at, at + 2), 16)];
    return Math.round(a + (b - a) * amount).toString(16).padStart(2, '0');
  };
  return '#' + channel(1) + channel(3) + channel(5);
}
