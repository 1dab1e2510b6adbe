import { expect, test } from 'vitest';
import { de } from './de';
import { en } from './en';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test('both languages have the same keys', () => {
  const keys = (tree: Tree) => leaves(tree).map(([key]) => key);
  expect(keys(de)).toEqual(keys(en));
});

test('both languages fill in the same things', () => {
  const english = new Map(leaves(en));
  for (const [key, text] of leaves(de)) {
    const both = [placeholders(text), placeholders(english.get(key) ?? '')];
    // "No expert found" need not name the count.
    if (key.endsWith('_zero')) continue;
    expect(both[0], key).toEqual(both[1]);
  }
});

test('no text is empty', () => {
  for (const [key, text] of [...leaves(de), ...leaves(en)]) expect(text.trim(), key).not.toBe('');
});
