import { attempt } from './kept';
import { whenRead } from './navigation';
import { putSanitised } from './sanitised';
import type { Block, Decision, Options, Wanted } from './types';

const CONTAINER = 'data-pp-placement';
const PLACED = 'data-pp-placed';

/** It remembers what stood in it at first, and what was placed there last. */
type Container = HTMLElement & { pp?: [own: Node[], placed?: string] };

/** Dynamic blocks in the page: hides what waits for them, places them, and tells when they are seen and clicked. */
export const placing = (
  { placements: listed, timeout }: Options,
  decide: (wanted: Wanted) => Promise<Decision>,
  report: (what: 'Display' | 'Interact', block: Block, placement: string) => void,
) => {
  const latest: Record<string, number> = {};
  let runs = 0;
  let hidden = false;
  let sheet: CSSStyleSheet;

  const reveal = () => {
    hidden = false;
    attempt(() => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it != sheet);
    });
  };

  const element = (block: Block, placement: string) => {
    const wrapper = document.createElement('div');
    wrapper.dataset.ppBlock = block.key;
    putSanitised(block.content, wrapper);
    wrapper.addEventListener('click', () => report('Interact', block, placement), true);
    attempt(() => {
      const observer = new IntersectionObserver(
        (entries) => {
          // Half of it, or half a screen of a large one.
          if (!entries.some((it) => it.intersectionRatio >= 0.5 || it.intersectionRect.height > innerHeight / 2)) return;
          observer.disconnect();
          report('Display', block, placement);
        },
        { threshold: [0.1, 0.3, 0.5] },
      );
      observer.observe(wrapper);
    });
    return wrapper;
  };

  const containers = () => [...document.querySelectorAll<Container>(`[${CONTAINER}]`)];

  const place = (placements: Record<string, Block[]>, run: number) => {
    for (const container of containers()) {
      const name = container.dataset.ppPlacement!;
      const blocks = placements[name];
      if (!blocks || latest[name] != run) continue;
      const text = JSON.stringify(blocks);
      const [own, placed] = container.pp || [[...container.childNodes]];
      if (text != placed && (placed || blocks[0])) {
        container.replaceChildren(...(blocks[0] ? blocks.map((block) => element(block, name)) : own));
      }
      container.pp = [own, text];
      container.setAttribute(PLACED, '');
    }
  };

  const blocks = async (placements?: string[] | null, context?: Wanted): Promise<Decision | undefined> => {
    const names = placements || listed || containers().map((it) => it.dataset.ppPlacement!);
    const run = ++runs;
    const wasHidden = hidden;
    let decision: Decision | undefined;
    for (const name of names) latest[name] = run;
    try {
      if (names[0]) decision = await decide({ ...context, placements: names });
      // What is there already, and what is not when all of the page is.
      const put = () => {
        // Too late for what has been shown meanwhile: it would change before the reader's eyes.
        if (wasHidden <= hidden) place(decision!.blocks!.placements, run);
      };
      put();
      await new Promise<void>(whenRead);
      put();
    } catch {}
    if (run == runs) reveal();
    return decision;
  };

  if (listed) {
    attempt(() => {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(`${listed.map((it) => `[${CONTAINER}=${JSON.stringify(it)}]:not([${PLACED}])`)}{visibility:hidden}`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    });
    hidden = true;
    setTimeout(reveal, timeout ?? 800);
    setTimeout(() => runs || blocks());
  }
  return blocks;
};
