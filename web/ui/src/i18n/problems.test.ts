import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { de } from './de';
import { en } from './en';

// The service's own list: a test there holds it against the table that answers are made from.
const documented = readFileSync('../../docs/problems.md', 'utf8');
const slugs = [...documented.matchAll(/^## ([\w-]+)$/gm)].map(([, slug = '']) => slug);

/** What only an identity provider is answered, on a route that no page asks. */
const ofProviders = ['logout-token-invalid'];

/** The words that a member of a problem may hold, as the list names them. */
function words(slug: string, member: string): string[] {
  const section = documented.split(`\n## ${slug}\n`)[1]?.split('\n## ')[0] ?? '';
  const line = section.split(`\`${member}\`: `)[1]?.split('\n')[0] ?? '';
  return [...line.matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word);
}

test('the list of problems is read', () => {
  expect(slugs.length).toBeGreaterThan(25);
  expect(slugs).toContain('wrong-phase');
  expect(words('switch-failed', 'reason')).toContain('busy');
});

test.each(slugs.filter((slug) => !ofProviders.includes(slug)))('%s has words in both languages', (slug) => {
  for (const { problem } of [de, en]) expect(Object.keys(problem)).toContain(slug);
});

test.each([
  ['switch-failed', (texts: typeof en | typeof de) => texts.failure],
  ['expert-not-listed', (texts: typeof en | typeof de) => texts.problem.expertReason],
] as const)('every reason of %s has words in both languages', (slug, kept) => {
  for (const texts of [de, en]) expect(Object.keys(kept(texts))).toEqual(expect.arrayContaining(words(slug, 'reason')));
});

test('words are kept for problems that there are', () => {
  const own = ['title', 'expertReason', 'offline', 'teams-link', 'teams-sign-in']; // of the page itself
  expect(Object.keys(en.problem).filter((key) => !slugs.includes(key) && !own.includes(key))).toEqual([]);
});
