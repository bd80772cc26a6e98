import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const base = '/demo';

export interface Route {
  page: string;
  rest: string[];
  query: URLSearchParams;
  key: string;
}

export function route(): Route {
  const [page = '', ...rest] = location.pathname.slice(base.length).split('/').filter(Boolean).map(decodeURIComponent);
  return { page, rest, query: new URLSearchParams(location.search), key: location.pathname + location.search };
}

const listeners = new Set<() => void>();
const changed = () => listeners.forEach((listener) => listener());
addEventListener('popstate', changed);

export const href = (path: string): string => base + (path === '/' ? '' : path);

export function go(path: string, replace = false): void {
  if (href(path) !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', href(path));
  scrollTo(0, 0);
  changed();
}

export function useRoute(): Route {
  const [current, follow] = useState(route);
  useEffect(() => {
    const listener = () => follow(route());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return current;
}

/** A link inside the shop; with a modifier key it stays the browser's. */
export function Link({ to, children, ...rest }: { to: string; children: ComponentChildren; class?: string; 'aria-label'?: string; 'aria-current'?: 'page' | undefined }) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a href={href(to)} onClick={follow} {...rest}>{children}</a>;
}
