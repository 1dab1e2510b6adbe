import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { SearchList } from './SearchList';

function rows(count: number) {
  return Array.from({ length: count }, (_, position) => ({ id: `p${position + 1}`, content: `Person ${position + 1}` }));
}

function List({ count, total, text = '', onSeen = () => undefined }: { count: number; total?: number | null; text?: string; onSeen?: (ids: readonly string[]) => void }) {
  const [query, setQuery] = useState(text);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <SearchList
      label="Search"
      listLabel="People"
      query={query}
      onQuery={setQuery}
      rows={rows(count)}
      {...(total !== undefined && { total })}
      selected={selected}
      onSelect={setSelected}
      onSeen={onSeen}
      onCommit={() => undefined}
      answered
      busy={false}
      focus={false}
    />
  );
}

async function press(keys: string) {
  await userEvent.type(screen.getByRole('combobox'), keys);
}

/** The row that the field names as the active one; it has to be on the page. */
function active() {
  const id = screen.getByRole('combobox').getAttribute('aria-activedescendant');
  return id === null ? null : document.getElementById(id);
}

test('of a thousand rows a few are on the page, each with its place among all', () => {
  render(<List count={1_000} />);
  const options = screen.getAllByRole('option');
  expect(options.length).toBeLessThan(40);
  expect(options[0]).toHaveAttribute('aria-posinset', '1');
  expect(options[0]).toHaveAttribute('aria-setsize', '1000');
});

test('of a hundred rows all are on the page', () => {
  render(<List count={100} />);
  expect(screen.getAllByRole('option')).toHaveLength(100);
});

test('rows that are not loaded count, and an unknown number is said to be unknown', () => {
  const { rerender } = render(<List count={25} total={5_000} />);
  expect(screen.getAllByRole('option')[0]).toHaveAttribute('aria-setsize', '5000');
  rerender(<List count={25} total={null} />);
  expect(screen.getAllByRole('option')[0]).toHaveAttribute('aria-setsize', '-1');
});

test('the selected row is on the page, however far it is from what is in sight', async () => {
  render(<List count={1_000} />);
  await press('{End}');
  expect(active()).toHaveTextContent('Person 1000');
  await press('{ArrowUp}');
  expect(active()).toHaveTextContent('Person 999');
  await press('{Home}{ArrowDown}');
  expect(active()).toHaveTextContent('Person 2');
  expect(active()).toHaveAttribute('aria-selected', 'true');
});

test('the page keys go by as many rows as are in sight, and stop at the ends', async () => {
  render(<List count={1_000} />);
  await press('{Home}{PageDown}');
  const position = Number(active()?.getAttribute('aria-posinset'));
  expect(position).toBeGreaterThan(5);
  expect(position).toBeLessThan(15);
  await press('{PageUp}{PageUp}');
  expect(active()).toHaveTextContent('Person 1');
});

test('with a text in the field Home and End are the text’s, with Ctrl the list’s', async () => {
  render(<List count={10} text="per" />);
  await press('{End}');
  expect(active()).toBeNull();
  await press('{Control>}{End}{/Control}');
  expect(active()).toHaveTextContent('Person 10');
});

test('the rows in sight are told, and told again only when they are others', () => {
  const seen: (readonly string[])[] = [];
  const { rerender } = render(<List count={1_000} onSeen={(ids) => seen.push(ids)} />);
  expect(seen.at(-1)?.slice(0, 3)).toEqual(['p1', 'p2', 'p3']);
  expect(seen.at(-1)?.length).toBeLessThan(15);
  const told = seen.length;
  rerender(<List count={1_001} onSeen={(ids) => seen.push(ids)} />);
  expect(seen).toHaveLength(told);
  rerender(<List count={0} onSeen={(ids) => seen.push(ids)} />);
  expect(seen.at(-1)).toEqual([]);
});
