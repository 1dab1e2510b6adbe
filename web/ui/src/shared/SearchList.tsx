import { makeStyles, mergeClasses, SearchBox, tokens } from '@fluentui/react-components';
import { useId, type KeyboardEvent, type ReactNode } from 'react';
import { useFocusOnOpen } from './useFocusOnOpen';

export interface Row {
  id: string;
  content: ReactNode;
}

interface Props {
  label: string;
  hint?: string;
  listLabel: string;
  query: string;
  onQuery: (query: string) => void;
  rows: readonly Row[];
  selected: string | null;
  onSelect: (id: string) => void;
  /** Enter on the selected row. */
  onCommit: () => void;
  busy: boolean;
  /** Whether the search takes the keyboard when it appears. */
  focus: boolean;
  /** Beside the search: filters and the refresh button. */
  tools?: ReactNode;
  /** Between search and rows: what there is to say about the list. */
  notice?: ReactNode;
  /** Below the rows, in the same scroll. */
  more?: ReactNode;
}

const useStyles = makeStyles({
  tools: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  search: { flexGrow: 1, maxWidth: 'none', minWidth: 'min(220px, 100%)' },
  scroll: { overflowY: 'auto', minHeight: '120px', height: '320px', flexShrink: 1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  list: { display: 'flex', flexDirection: 'column' },
  row: {
    display: 'block',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    cursor: 'pointer',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    borderLeft: '3px solid transparent',
    // Of a thousand rows a few are seen: the others are laid out when they come into view.
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 60px',
    // Forced colours know no transparent borders: this would mark every row.
    '@media (forced-colors: active)': { borderLeft: '3px solid Canvas' },
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  selected: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    borderLeft: `3px solid ${tokens.colorCompoundBrandStroke}`,
    '@media (forced-colors: active)': { borderLeft: '3px solid Highlight', outline: '2px solid Highlight', outlineOffset: '-2px' },
  },
});

/**
 * A search field that drives a list of results. The keyboard stays in the
 * field: up and down move the selection, Enter takes it, Escape empties the
 * field before it may close anything around.
 */
export function SearchList(props: Props) {
  const { label, hint, listLabel, query, onQuery, rows, selected, onSelect, onCommit, busy } = props;
  const styles = useStyles();
  const id = useId();
  const input = useFocusOnOpen<HTMLInputElement>(props.focus);
  const index = rows.findIndex((row) => row.id === selected);
  const optionId = (row: Row) => `${id}-${row.id}`;

  const select = (position: number) => {
    const row = rows[Math.min(Math.max(position, 0), rows.length - 1)];
    if (!row) return;
    onSelect(row.id);
    // Absent where there is no layout.
    document.getElementById(optionId(row))?.scrollIntoView?.({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') select(index + 1);
    else if (event.key === 'ArrowUp') select(index < 0 ? rows.length - 1 : index - 1);
    else if (event.key === 'Enter' && index >= 0) onCommit();
    else if (event.key === 'Escape' && query !== '') onQuery('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div className={styles.tools}>
        <SearchBox
          className={styles.search}
          value={query}
          onChange={(_, { value }) => onQuery(value)}
          placeholder={hint}
          dismiss={null}
          input={{
            ref: input,
            role: 'combobox',
            'aria-label': label,
            'aria-expanded': rows.length > 0,
            'aria-controls': `${id}-list`,
            'aria-autocomplete': 'list',
            'aria-activedescendant': index >= 0 ? `${id}-${selected}` : undefined,
            autoComplete: 'off',
            onKeyDown,
          }}
        />
        {props.tools}
      </div>
      {props.notice}
      <div className={styles.scroll} aria-busy={busy} tabIndex={-1}>
        <div role="listbox" id={`${id}-list`} aria-label={listLabel} className={styles.list}>
          {rows.map((row) => (
            // The keyboard works in the field above, which names the active row.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={row.id}
              id={optionId(row)}
              role="option"
              aria-selected={row.id === selected}
              className={mergeClasses(styles.row, row.id === selected && styles.selected)}
              onClick={() => onSelect(row.id)}
            >
              {row.content}
            </div>
          ))}
        </div>
        {props.more}
      </div>
    </>
  );
}
