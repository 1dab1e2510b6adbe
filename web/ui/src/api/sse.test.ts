import { describe, expect, test } from 'vitest';
import { StreamParser } from './sse';

describe('a stream of events', () => {
  test.each([
    ['one event', ['id: 7\nevent: session\ndata: {}\n\n'], [{ id: '7', event: 'session', data: '{}' }]],
    ['an event without a name', ['data: x\n\n'], [{ id: null, event: 'message', data: 'x' }]],
    ['an event cut anywhere', ['da', 'ta: a', 'b\n', '\n'], [{ id: null, event: 'message', data: 'ab' }]],
    ['several lines of data', ['data: a\ndata: b\n\n'], [{ id: null, event: 'message', data: 'a\nb' }]],
    ['comments', [': still here\n\n'], []],
    ['line ends of another kind, cut in two', ['data: a\r', '\n\r\n'], [{ id: null, event: 'message', data: 'a' }]],
    ['an id that stays for the next event', ['id: 1\ndata: a\n\ndata: b\n\n'], [{ id: '1', event: 'message', data: 'a' }, { id: '1', event: 'message', data: 'b' }]],
    ['an event that is not finished', ['data: a\n'], []],
    ['fields that nobody knows', ['retry: 5\nfoo\ndata: a\n\n'], [{ id: null, event: 'message', data: 'a' }]],
  ])('%s', (_, pieces, events) => {
    const parser = new StreamParser();
    expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(events);
  });
});
