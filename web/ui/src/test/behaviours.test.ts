import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const table = readFileSync('../../docs/ui-behaviours.md', 'utf8');
const rows = [...table.matchAll(/^\| (\d+) \| .* \| (.*) \|$/gm)].map(([, number = '', shown = '']) => ({
  number: Number(number),
  tests: shown.split('<br>').map((one) => /^`(.+?)`: (.+)$/.exec(one) ?? [one]),
}));

test('the table has all twenty behaviours, each shown by something', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, position) => position + 1));
});

test.each(rows)('the tests of behaviour $number are there', ({ tests }) => {
  for (const [entry, file, name] of tests) {
    if (file === undefined || name === undefined) throw new Error(`not "\`file\`: name of a test": ${entry}`);
    // Under its own quotes, so that a part of a longer name does not count.
    const quoted = ["'", '"', '`'].map((quote) => quote + name + quote);
    const source = readFileSync(file, 'utf8');
    expect(quoted.some((one) => source.includes(`test(${one}`)), `${file}: ${name}`).toBe(true);
  }
});
