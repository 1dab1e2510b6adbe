import type { Page } from '@playwright/test';

/**
 * Collects what a page must never do: write errors to the console, throw, or
 * break its own Content-Security-Policy.
 */
export class Guard {
  private readonly found: string[] = [];
  private readonly allowed: RegExp[] = [
    // How the page learns that nobody is signed in. The browser reports every
    // refused request as an error, whatever the page makes of it.
    /status of 401.*\/api\/v1\/session/,
  ];

  async watch(page: Page): Promise<void> {
    page.on('console', (message) => {
      if (message.type() === 'error') this.found.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.found.push(error.stack ?? error.message));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error(`content security policy: ${violatedDirective} ${blockedURI}`);
      });
    });
  }

  /** Lets an error pass that belongs to what a test does. */
  allow(error: RegExp): void {
    this.allowed.push(error);
  }

  get problems(): string[] {
    return this.found.filter((one) => !this.allowed.some((error) => error.test(one)));
  }
}
