import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { en } from './en';

// What the type of `t` does not see: texts that nobody shows, and words that
// stand in a component instead of the language files.

const folder = join(import.meta.dirname, '..');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|\.d\.ts$|^(i18n|test)\//.test(name))
  .map((name) => ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest, true));

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [path + key] : leaves(value, `${path}${key}.`)));
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** Every key that a source may ask for, as a pattern: `phase.${phase}` stands for all below `phase`. */
function asked(): RegExp {
  const patterns: string[] = [];
  for (const source of sources) {
    walk(source, (node) => {
      if (ts.isStringLiteralLike(node)) patterns.push(escape(node.text));
      if (ts.isTemplateExpression(node)) patterns.push(escape(node.head.text) + node.templateSpans.map((span) => `[^.]+${escape(span.literal.text)}`).join(''));
    });
  }
  return new RegExp(`^(${patterns.filter((pattern) => /^[\w-]+\\\./.test(pattern)).join('|')})$`);
}

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

test('every text is shown somewhere', () => {
  const known = asked();
  const unused = leaves(en).filter((key) => !known.test(key) && !known.test(key.replace(/_(zero|one|two|few|many|other)$/, '')));
  expect(unused).toEqual([]);
});

test('no component speaks for itself', () => {
  const spoken = new Set(['aria-label', 'aria-description', 'label', 'placeholder', 'title', 'alt', 'hint']);
  const words = /\p{L}{2}/u;
  const found: string[] = [];
  for (const source of sources) {
    walk(source, (node) => {
      const text =
        ts.isJsxText(node) ? node.text
        : ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression) && !ts.isJsxAttribute(node.parent) ? node.expression.text
        : ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) ? node.initializer.text
        : '';
      if (words.test(text)) found.push(`${source.fileName}: ${text.trim()}`);
    });
  }
  expect(found).toEqual([]);
});
