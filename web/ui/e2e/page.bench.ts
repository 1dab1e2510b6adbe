import type { Page } from '@playwright/test';
import { Demo } from './support/demo';
import { Desktop } from './support/desktop';
import { expect, test } from './support/test';

/** Prints figures as `go test -bench` does, which internal/bench reads. */
function report(name: string, rounds: number, figures: Record<string, number>): void {
  const values = Object.entries(figures).map(([unit, value]) => `${value.toFixed(1)} ${unit}`);
  console.log(`\nBenchmark${name} ${rounds} ${values.join(' ')}`);
}

function percentile(all: number[], percent: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)] ?? NaN;
}

test('the first usable screen', async ({ browser, contextOptions, desktop, demo, texts }) => {
  // Signed in, but nothing of the page in the browser: as at the beginning of a day.
  const storageState = await desktop.page.context().storageState();
  const took: number[] = [];
  for (let round = 0; round < 15; round++) {
    const context = await browser.newContext({ ...contextOptions, locale: 'en-GB', storageState });
    const page = await context.newPage();
    await page.goto(demo.page, { waitUntil: 'commit' });
    await expect(new Desktop(page, texts).noCall).toBeVisible();
    took.push(await page.evaluate(() => performance.now())); // since the navigation began
    await context.close();
  }
  report('PageUsable', took.length, { ms: percentile(took, 50), p95_ms: percentile(took, 95) });
});

test('a thousand experts', async ({ browser, contextOptions, texts }) => {
  const people = await Demo.start(undefined, 5_000);
  try {
    const context = await browser.newContext({ ...contextOptions, locale: 'en-GB' });
    const desktop = new Desktop(await context.newPage(), texts);
    await desktop.page.goto(people.page);
    const user = people.user('Agent');
    await desktop.signIn(user);
    await people.call(user);
    const request = await desktop.openConsult();
    await expect(request.row(/./).first()).toBeVisible();
    const more = request.dialog.getByRole('button', { name: texts.experts.more });
    /** How many are loaded: the place of the last one. */
    const loaded = async () => {
      await request.search.press('End');
      return Number(await request.dialog.getByRole('listbox').getByRole('option', { selected: true }).getAttribute('aria-posinset'));
    };
    for (let before = await loaded(); before < 1_000; before = await loaded()) {
      await more.click();
      await expect.poll(loaded).toBeGreaterThan(before);
    }
    const frames = await scroll(desktop.page);
    await context.close();
    report('PageScroll', frames.length, {
      p50_ms: percentile(frames, 50),
      p99_ms: percentile(frames, 99),
      'dropped/100': (100 * frames.filter((ms) => ms > 50).length) / frames.length,
    });
  } finally {
    await people.stop();
  }
});

/** Scrolls the list of experts to its end, a little in each frame; gives how long each frame took. */
async function scroll(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const list = document.querySelector('[role=listbox]')?.parentElement;
        if (!list) throw new Error('no list');
        list.scrollTop = 0;
        const frames: number[] = [];
        let last = performance.now();
        const step = (now: number) => {
          frames.push(now - last);
          last = now;
          list.scrollTop += 120;
          if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) resolve(frames);
          else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
  );
}
