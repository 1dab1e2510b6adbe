// Prints what the browser has to fetch and fails when the JavaScript that an
// agent's page loads at start is over its budget (design: 250 kB gzipped).
// At start: what index.html names, one language, and inside Teams its SDK.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250_000;
const languages = ['de.js', 'en.js'];
const teams = ['sdk.js'];

const dist = new URL('../dist/', import.meta.url);
const index = readFileSync(new URL('index.html', dist), 'utf8');
const sizes = new Map(
  readdirSync(new URL('assets/', dist))
    .sort()
    .map((name) => [name, gzipSync(readFileSync(new URL(`assets/${name}`, dist)), { level: 9 }).length]),
);
const sum = (names) => names.reduce((total, name) => total + sizes.get(name), 0);
const print = (size, text) => console.log(`${String(size).padStart(8)} B gzip  ${text}`);

const scripts = [...sizes.keys()].filter((name) => name.endsWith('.js'));
const first = scripts.filter((name) => index.includes(`/assets/${name}"`));
const when = (name) => {
  if (first.includes(name)) return 'at start';
  if (languages.includes(name)) return 'at start, one of the languages';
  return teams.includes(name) ? 'at start inside Teams' : 'later';
};
for (const name of scripts) print(sizes.get(name), `${name}, ${when(name)}`);

const start = sum(first) + Math.max(...languages.map((name) => sizes.get(name)));
print(sum(scripts), 'all JavaScript');
print(start, 'JavaScript at start');
print(start + sum(teams), `JavaScript at start inside Teams, budget ${budget}`);
if (!(start + sum(teams) <= budget)) {
  console.error('the JavaScript at start is over its budget');
  process.exit(1);
}
