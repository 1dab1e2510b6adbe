import { defineConfig } from '@playwright/test';
import type { Options } from './support/test';

/**
 * Debian's Chromium, never one that Playwright downloads. Without a sandbox,
 * because pipelines run as root in a container of their own; without whatever
 * would reach out of the machine.
 */
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export default defineConfig<Options>({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../test-results',
  globalSetup: './support/build.ts',
  fullyParallel: true,
  workers: 3,
  // A pipeline's machine is shared: a second try, which the list reports as flaky, keeps one slow moment
  // from hiding what else the run says. At a desk a failure is a failure.
  retries: process.env['CI'] === undefined ? 0 : 1,
  forbidOnly: true,
  reporter: [['list']],
  // Only what hangs ever reaches these: nothing waits for time to pass, and a shared machine has stood still for a minute and more.
  timeout: 900_000,
  expect: { timeout: 180_000 },
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: chromium, args: flags },
    viewport: { width: 1024, height: 768 },
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    actionTimeout: 180_000,
  },
  projects: [
    { name: 'de', use: { language: 'de', locale: 'de-DE' } },
    { name: 'en', use: { language: 'en', locale: 'en-GB' } },
  ],
});
