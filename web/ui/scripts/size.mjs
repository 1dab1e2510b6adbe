// Prints what the browser has to fetch and fails when the JavaScript is over
// its budget (design: 250 kB gzipped, every chunk counted).
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250_000;
const folder = new URL('../dist/assets/', import.meta.url);
let total = 0;
for (const name of readdirSync(folder).sort()) {
  const size = gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length;
  if (name.endsWith('.js')) total += size;
  console.log(`${String(size).padStart(8)} B gzip  ${name}`);
}
console.log(`${String(total).padStart(8)} B gzip  JavaScript, budget ${budget}`);
if (total > budget) {
  console.error('the JavaScript is over its budget');
  process.exit(1);
}
