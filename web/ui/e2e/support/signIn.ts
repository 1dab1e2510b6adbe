import { expect, type APIRequestContext } from '@playwright/test';
import type { User } from './demo';

/**
 * Signs somebody in at the simulated Microsoft as a browser does, but without
 * drawing the pages on the way: for tests that are about something else. The
 * cookies are those of `browser`, a window's own requests.
 */
export async function signIn(browser: APIRequestContext, page: string, { username, password }: User): Promise<void> {
  const asked = await browser.get(`${page}/auth/login?${new URLSearchParams({ provider: 'entra', return: '/' })}`);
  await expect(asked, 'the form to sign in').toBeOK();
  const html = await asked.text();
  const action = attribute(/<form method="post" action="([^"]*)"/.exec(html)?.[1]);
  const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const form = Object.fromEntries(hidden.map(([, name, value]) => [attribute(name), attribute(value)]));
  const back = await browser.post(new URL(action, asked.url()).href, { form: { ...form, username, password } });
  await expect(back, 'back from signing in').toBeOK();
  expect(new URL(back.url()).origin, 'where signing in leads').toBe(new URL(page).origin);
}

/** The text that an attribute of HTML stands for. */
function attribute(text = ''): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name?: string) =>
    code === undefined ? (named[name ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
  );
}
