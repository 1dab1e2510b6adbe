import { expect, test } from 'vitest';
import { cleanNumber } from './cleanNumber';

test.each([
  ['keeps what can be dialled', '+12015532447', '+12015532447', []],
  ['cuts punctuation and names each piece once', '+1 (201) 553-2447', '+12015532447', [' ', '(', ')', '-']],
  ['cuts a scheme', 'tel:+4930123', '+4930123', ['tel:']],
  ['cuts from the first @', 'sip:4711@example.com', '4711', ['sip:', '@example.com']],
  ['cuts from the first ;', '+4930123;ext=56', '+4930123', [';ext=56']],
  ['cuts a zero in brackets after the country', '+49 (0) 30 123', '+4930123', ['(0)', ' ']],
  ['keeps a zero in brackets elsewhere', '030 (0) 12', '030012', [' ', '(', ')']],
  ['lets + count only at the start', '0049+30', '004930', ['+']],
  ['keeps feature codes', '*21#', '*21#', []],
  ['cuts a leading colon', ':123:4', '123:4', [':']],
  ['cuts letters', '1 800 FLOWERS', '1800', [' ', 'F', 'L', 'O', 'W', 'E', 'R', 'S']],
  ['leaves nothing of nothing', '  ', '', []],
])('%s', (_, text, number, removed) => {
  expect(cleanNumber(text)).toEqual({ number, removed });
});
