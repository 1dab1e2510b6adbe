import { makeStyles, tokens } from '@fluentui/react-components';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { useServerNow } from '../shared/time';
import { CallRow } from './CallRow';

/** What a row is taken for until it was measured. */
const usualHeight = 64;

const useStyles = makeStyles({
  scroll: {
    maxHeight: 'max(320px, 68vh)',
    overflowY: 'auto',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  list: { listStyleType: 'none', margin: 0, padding: 0, position: 'relative' },
  item: { position: 'absolute', top: 0, insetInlineStart: 0, width: '100%' },
});

/**
 * The calls as a list of links, of which only those in sight are made. Tab
 * enters it once; the arrows, Home and End walk through it.
 */
export function CallList({ calls, chosen }: { calls: readonly Interaction[]; chosen: string | null }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const now = useServerNow();
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(chosen);
  const [focusOn, setFocusOn] = useState<string | null>(null);
  const position = Math.max(0, calls.findIndex(({ id }) => id === active));
  // The row that Tab comes back to exists wherever the list is scrolled to.
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler that cannot memoise it is not used here
  const rows = useVirtualizer({
    count: calls.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => usualHeight,
    getItemKey: (index) => calls[index]?.id ?? index,
    overscan: 6,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), position])].filter((index) => index < calls.length).sort((a, b) => a - b),
  });
  useEffect(() => {
    if (focusOn === null) return;
    scroll.current?.querySelector<HTMLElement>(`[data-call="${CSS.escape(focusOn)}"] a`)?.focus();
    setFocusOn(null);
  }, [focusOn]);
  const go = (index: number) => {
    const call = calls[index];
    if (!call) return;
    rows.scrollToIndex(index);
    setActive(call.id);
    setFocusOn(call.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') go(position + 1);
    else if (event.key === 'ArrowUp') go(position - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(calls.length - 1);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={scroll} className={styles.scroll}>
      {/* The keys belong to the links inside; here they are heard for all of them. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul className={styles.list} style={{ height: rows.getTotalSize() }} aria-label={t('supervisor.list')} onKeyDown={onKeyDown}>
        {rows.getVirtualItems().map((row) => {
          const call = calls[row.index];
          if (!call) return null;
          return (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              data-call={call.id}
              className={styles.item}
              style={{ transform: `translateY(${row.start}px)` }}
              aria-setsize={calls.length}
              aria-posinset={row.index + 1}
            >
              <CallRow call={call} current={call.id === chosen} now={now} tabIndex={row.index === position ? 0 : -1} onFocus={() => setActive(call.id)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
