import { vi } from 'vitest';

/** Shops of earlier tests live on in their page; only what this key's sends is looked at. */
export const current = { key: 'pk_1' };

/** What the page sends, and what the platform answers: one answer after the other, the last one for ever. */
export function platform(...answers: { status?: number; headers?: Record<string, string>; body?: unknown; fails?: boolean }[]) {
  const requests: { url: string; init: RequestInit; events: any[]; at: number }[] = [];
  const fetch = vi.fn(async (url: string, init: RequestInit) => {
    if (!url.endsWith(`?key=${current.key}`) && !url.includes(`?key=${current.key}&`)) return new Response('{}', { status: 202 });
    requests.push({ url, init, events: JSON.parse(init.body as string).events ?? [], at: Date.now() });
    const { status = 202, headers, body, fails } = answers[Math.min(requests.length, answers.length) - 1] ?? {};
    if (fails) throw new TypeError('Failed to fetch');
    return new Response(JSON.stringify(body ?? {}), { status, headers });
  });
  vi.stubGlobal('fetch', fetch);
  return { requests, events: () => requests.flatMap((request) => request.events) };
}
