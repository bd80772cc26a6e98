import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { environment: 'jsdom', environmentOptions: { jsdom: { url: 'https://shop.test/' } }, include: ['tests/*.test.ts'], restoreMocks: true, unstubGlobals: true },
  resolve: { alias: { '@personalization-platform/storefront': new URL('source/storefront.ts', import.meta.url).pathname } },
});
