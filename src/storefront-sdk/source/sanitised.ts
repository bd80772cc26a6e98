import { attempt } from './kept';

const ELEMENTS =
  /^([abipqsu]|article|aside|blockquote|br|button|d[dlt]|div|em|figcaption|figure|footer|h[1-6r]|header|img|li|nav|[ou]l|picture|section|small|source|span|strong|su[bp]|table|t[dhr]|tbody|thead)$/;

/** Not `id` and `name`, which would name things in scripts of the page; of `data-*` only what Page Builder's styles need. */
const ATTRIBUTES =
  /^(alt|aria-\w+|class|(col|row)span|height|href|lang|loading|media|rel|role|sizes|src|srcset|target|title|type|width|data-(appearance|content-type|element|pb-style|style))$/;

const isSafe = (address: string) =>
  attempt(() => /^(https?:|mailto:|tel:)/.test(new URL(address, 'https://relative').href));

const copy = (from: Node, to: HTMLElement) => {
  for (const node of from.childNodes as any) {
    if (node.nodeType == 3) to.append(node.data);
    if (!ELEMENTS.test(node.localName)) continue;
    const element = to.appendChild(document.createElement(node.localName));
    for (const { name, value } of node.attributes) {
      if (!ATTRIBUTES.test(name) || (/^(href|src)$/.test(name) && !isSafe(value))) continue;
      if (name == 'data-style') element.style.cssText = value;
      else element.setAttribute(name, value);
    }
    copy(node, element);
  }
};

/**
 * Puts HTML into an element, with nothing in it that runs. It is parsed where nothing is loaded or run, and then copied by a list
 * of what is allowed; what is not on it is left out, with everything in it.
 */
export const putSanitised = (html: string, into: HTMLElement): void => {
  // Styles go through the object model, which a content security policy allows where it forbids the attribute and reports its sight.
  html = html.replace(/(<[^>]*\s)style=/gi, '$1data-style=');
  const { body } = document.implementation.createHTMLDocument('') as any;
  if (body.setHTML) body.setHTML(html, { sanitizer: {} });
  else body.innerHTML = (window as any).trustedTypes?.createPolicy('storefront', { createHTML: () => html }).createHTML() ?? html;
  copy(body, into);
};
