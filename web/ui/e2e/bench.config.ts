import config from './playwright.config';

/** What is measured, one thing after the other and in one language; `make bench` reads what it prints. */
export default {
  ...config,
  testMatch: '*.bench.ts',
  workers: 1,
  retries: 0,
  reporter: [['line']],
  // One language: the page is the same in both.
  projects: [{ name: 'en', use: { language: 'en', locale: 'en-GB' } }],
};
