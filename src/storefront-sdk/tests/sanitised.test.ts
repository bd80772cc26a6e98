import { afterEach, expect, test, vi } from 'vitest';
import { putSanitised } from '../source/sanitised';

const clean = (html: string) => {
  const into = document.createElement('div');
  putSanitised(html, into);
  return into.innerHTML;
};

afterEach(() => vi.unstubAllGlobals());

test.each([
  '<h1 class="a b" title="t">Text &amp; more</h1>',
  '<p>One<br>two <b>three</b> <em>four</em></p><hr>',
  '<a href="/bags?x=1#y" target="_blank" rel="noopener">Bags</a>',
  '<a href="mailto:a@example.com">Mail</a><a href="tel:+49">Call</a><a href="https://other.test/">Other</a>',
  '<picture><source srcset="/a.webp 2x" type="image/webp"><img src="/a.png" alt="A" width="3" height="4" loading="lazy"></picture>',
  '<ul><li>a</li></ul><ol><li>b</li></ol><table><tbody><tr><td colspan="2">c</td></tr></tbody></table>',
  '<div data-content-type="row" data-appearance="contained" aria-label="x" role="note">Row</div>',
])('%s stays as it is', (html) => expect(clean(html)).toBe(html));

test('styles go through the object model', () => expect(clean('<p style="color:red;position:relative">x</p>')).toBe('<p style="color: red; position: relative;">x</p>'));

test.each([
  ['<script>x()</script>a', 'a'],
  ['<SCRIPT SRC=//evil.test></SCRIPT>', ''],
  ['<img src=x onerror=x()>', '<img src="x">'],
  ['<p onclick="x()" ONMOUSEOVER=x()>a</p>', '<p>a</p>'],
  ['<a href="javascript:x()">a</a>', '<a>a</a>'],
  ['<a href=" JaVa\nScRiPt:x()">a</a>', '<a>a</a>'],
  ['<a href="\u0001javascript:x()">a</a>', '<a>a</a>'],
  ['<a href="vbscript:x">a</a><a href="data:text/html,<script>x()</script>">b</a>', '<a>a</a><a>b</a>'],
  ['<img src="data:text/html,x">', '<img>'],
  ['<p title="a>b" style="color:red">a style=b</p>', '<p title="a>b">a style=b</p>'],
  ['<a href="http://[">a</a>', '<a>a</a>'],
  ['<svg><a href="javascript:x()">a</a><script>x()</script></svg>b', 'b'],
  ['<math><a href="/x">a</a></math>b', 'b'],
  ['<iframe src="/x"></iframe><object data="/x"></object><embed src="/x">', ''],
  ['<form action="/x"><input><button>a</button></form>b', 'b'],
  ['<style>*{}</style><link rel="stylesheet" href="/x"><base href="/x"><meta charset="x">', ''],
  ['<template><b>a</b></template><noscript><b>b</b></noscript><textarea>c</textarea>', ''],
  ['<p id="storefront" name="x" data-bind="x" data-mage-init="x" x-data="x" @click="x" v-html="x" srcdoc="x">a</p>', '<p>a</p>'],
  ['<button type="submit" formaction="/x">a</button>', '<button type="submit">a</button>'],
  ['<!-- c -->a<unknown-element><b>b</b></unknown-element>', 'a'],
  ['<p>unclosed <b>bold', '<p>unclosed <b>bold</b></p>'],
])('%s becomes %s', (html, expected) => expect(clean(html)).toBe(expected));

test("the browser's own sanitizer goes first where there is one", () => {
  const setHTML = vi.fn(function (this: Element, html: string) {
    this.innerHTML = html.replace('bad', 'good');
  });
  (Element.prototype as any).setHTML = setHTML;
  try {
    expect(clean('<b onclick="x">bad</b>')).toBe('<b>good</b>');
  } finally {
    delete (Element.prototype as any).setHTML;
  }
});

test('trusted types are made by a policy of this name', () => {
  const createPolicy = vi.fn((_name: string, { createHTML }: any) => ({ createHTML }));
  vi.stubGlobal('trustedTypes', { createPolicy });
  expect(clean('<b>a</b>')).toBe('<b>a</b>');
  expect(createPolicy).toHaveBeenCalledWith('storefront', expect.anything());
});
