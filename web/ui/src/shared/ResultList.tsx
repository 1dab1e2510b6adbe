import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { chosen, pointedAt, small } from './styles';

export interface Row {
  id: string;
  content: ReactNode;
}

/** What a search field asks of the list that it drives. */
export interface ResultListHandle {
  /** Brings the row at this position into view. */
  reveal: (position: number) => void;
  /** How many rows are in sight at once. */
  pageSize: () => number;
}

interface Props {
  ref: Ref<ResultListHandle>;
  /** Of the listbox; a row's id follows after a hyphen. */
  id: string;
  label: string;
  rows: readonly Row[];
  /** How many there are, with those that are not loaded; null when nobody knows. */
  total: number | null;
  selected: string | null;
  onSelect: (id: string) => void;
  /** Which rows are in sight, told whenever the list comes to rest. */
  onSeen?: ((ids: readonly string[]) => void) | undefined;
  busy: boolean;
  /** Below the rows, in the same scroll. */
  more?: ReactNode;
}

/** Up to so many rows are all on the page: whoever reads it by ear can walk through them. */
const allShown = 100;
/** Of longer lists so many rows above and below those in sight. */
const overscan = 8;
/** Of a row until it has been measured: pixels. */
const usualHeight = 60;

const useStyles = makeStyles({
  scroll: { overflowY: 'auto', minHeight: '120px', height: '320px', flexShrink: 1, [small]: { minHeight: '240px' }, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  list: { position: 'relative' },
  row: {
    position: 'absolute',
    insetInlineStart: 0,
    top: 0,
    width: '100%',
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    cursor: 'pointer',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    borderLeft: '3px solid transparent',
    // Forced colours know no transparent borders: this would mark every row.
    '@media (forced-colors: active)': { borderLeft: '3px solid Canvas' },
    ':hover': pointedAt,
  },
  selected: {
    ...chosen,
    borderLeft: `3px solid ${tokens.colorCompoundBrandStroke}`,
    '@media (forced-colors: active)': { borderLeft: '3px solid Highlight', outline: '2px solid Highlight', outlineOffset: '-2px' },
  },
});

/** The rows of a search: of a long list those in sight, whose places in the whole are told to assistive technology. */
export function ResultList(props: Props) {
  const { id, rows, selected } = props;
  const styles = useStyles();
  const scroll = useRef<HTMLDivElement>(null);
  const index = rows.findIndex((row) => row.id === selected);
  // For React's compiler, which does not build this page.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => usualHeight,
    getItemKey: (position) => rows[position]?.id ?? position,
    overscan: rows.length <= allShown ? allShown : overscan,
    // The search field names the selected row, so it is always there.
    rangeExtractor: (range) => withRow(range, index),
  });
  useImperativeHandle(props.ref, () => ({
    reveal: (position) => virtualizer.scrollToIndex(position),
    pageSize: () => (virtualizer.range ? Math.max(1, virtualizer.range.endIndex - virtualizer.range.startIndex) : 1),
  }));
  useSeen(rows, virtualizer.isScrolling ? null : virtualizer.range, props.onSeen);
  const total = props.total ?? -1; // ARIA's word for "not known"
  return (
    <div ref={scroll} className={styles.scroll} aria-busy={props.busy} tabIndex={-1}>
      <div role="listbox" id={id} aria-label={props.label} className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index: position, start }) => {
          const row = rows[position];
          return (
            row && (
              // The keyboard works in the field above, which names the active row.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                key={row.id}
                ref={virtualizer.measureElement}
                data-index={position}
                id={`${id}-${row.id}`}
                role="option"
                aria-selected={position === index}
                aria-posinset={position + 1}
                aria-setsize={total}
                className={mergeClasses(styles.row, position === index && styles.selected)}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => props.onSelect(row.id)}
              >
                {row.content}
              </div>
            )
          );
        })}
      </div>
      {props.more}
    </div>
  );
}

/** The positions of a range and this one, in order. */
function withRow(range: Range, position: number): number[] {
  const positions = defaultRangeExtractor(range);
  if (position < 0 || position >= range.count || positions.includes(position)) return positions;
  return [...positions, position].sort((a, b) => a - b);
}

/** Tells which rows are in sight when that has changed; `range` is null while nobody can say. */
function useSeen(rows: readonly Row[], range: { startIndex: number; endIndex: number } | null, onSeen: Props['onSeen']): void {
  const told = useRef('');
  useEffect(() => {
    if (range === null && rows.length > 0) return;
    const ids = range === null ? [] : rows.slice(range.startIndex, range.endIndex + 1).map((row) => row.id);
    const key = ids.join(' ');
    if (key === told.current) return;
    told.current = key;
    onSeen?.(ids);
  });
}
