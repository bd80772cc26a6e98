/** Calls when the page has been read, or soon if it has; whatever the same script does next goes first. */
export const whenRead = (action: () => void): void => {
  if (document.readyState == 'loading') addEventListener('DOMContentLoaded', () => action());
  else setTimeout(action);
};

/** Calls after the page's address may have changed without a new page. */
export const followNavigation = (changed: () => void): void => {
  const { navigation } = window as any;
  if (navigation) navigation.addEventListener('currententrychange', changed);
  else {
    addEventListener('popstate', changed);
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name];
      history[name] = (...given) => {
        original.apply(history, given);
        changed();
      };
    }
  }
};
