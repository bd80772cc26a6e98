/** Runs what a browser may forbid (storage, cookies) or not have; then the answer is nothing. */
export const attempt = <T>(action: () => T): T | undefined => {
  try {
    return action();
  } catch {}
  return undefined;
};

/** The 395 days for which browsers and Adobe keep such cookies. */
const SECONDS = 34128000;

/** Keeps a text for this browser, in a cookie of the site and beside it; without a text, forgets it. */
export const keep = (name: string, value = ''): void => {
  attempt(() => {
    document.cookie = `${name}=${value};path=/;max-age=${value ? SECONDS : 0};samesite=lax${location.protocol == 'https:' ? ';secure' : ''}`;
  });
  attempt(() => (value ? (localStorage[name] = value) : delete localStorage[name]));
};

export const kept = (name: string): string | undefined =>
  attempt(() => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1]) || attempt(() => localStorage[name]);

/** A random UUID, version 4, in pages without TLS too. */
export const uuid = (): string =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16),
  );
