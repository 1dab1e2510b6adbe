import { makeStyles, SearchBox, tokens } from '@fluentui/react-components';
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { ResultList, type ResultListHandle, type Row } from './ResultList';
import { useFocusOnOpen } from './useFocusOnOpen';

interface Props {
  label: string;
  hint?: string;
  listLabel: string;
  query: string;
  onQuery: (query: string) => void;
  rows: readonly Row[];
  /** Whether the rows answer what stands in the field. */
  answered: boolean;
  /** How many there are, with those that are not loaded; null when nobody knows. As many as rows without it. */
  total?: number | null;
  selected: string | null;
  onSelect: (id: string) => void;
  /** Enter on a row that answers the query, or that was selected since it was typed. */
  onCommit: () => void;
  /** Which rows are in sight, told whenever the list comes to rest. */
  onSeen?: (ids: readonly string[]) => void;
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
});

/**
 * A search field that drives a list of results. The keyboard stays in the
 * field: up, down and the page keys move the selection, Enter takes it, Escape
 * empties the field before it may close anything around. Home and End belong to
 * the text as soon as there is one; with Ctrl they are always the list's.
 */
export function SearchList(props: Props) {
  const { label, hint, query, onQuery, rows, selected, onSelect, onCommit } = props;
  const styles = useStyles();
  const id = `${useId()}-list`;
  const input = useFocusOnOpen<HTMLInputElement>(props.focus);
  const list = useRef<ResultListHandle>(null);
  // Whoever types a name and presses Enter does not mean somebody whom the question before has found.
  const aimed = useRef(false);
  const type = (wanted: string) => {
    aimed.current = false;
    onQuery(wanted);
  };
  const aim = (wanted: string) => {
    aimed.current = true;
    onSelect(wanted);
  };
  const index = rows.findIndex((row) => row.id === selected);
  const last = rows.length - 1;

  const select = (wanted: number) => {
    const position = Math.min(Math.max(wanted, 0), last);
    const row = rows[position];
    if (!row) return;
    aim(row.id);
    list.current?.reveal(position);
  };
  const move = ({ key, ctrlKey }: KeyboardEvent): boolean => {
    const ofList = ctrlKey || query === '';
    const page = list.current?.pageSize() ?? 1;
    if (key === 'ArrowDown') select(index + 1);
    else if (key === 'ArrowUp') select(index < 0 ? last : index - 1);
    else if (key === 'PageDown') select(index + page);
    else if (key === 'PageUp') select(index - page);
    else if (key === 'Home' && ofList) select(0);
    else if (key === 'End' && ofList) select(last);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && index >= 0) {
      if (props.answered || aimed.current) onCommit();
    } else if (event.key === 'Escape' && query !== '') type('');
    else if (!move(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div className={styles.tools}>
        <SearchBox
          className={styles.search}
          value={query}
          onChange={(_, { value }) => type(value)}
          placeholder={hint}
          dismiss={null}
          input={{
            ref: input,
            role: 'combobox',
            'aria-label': label,
            'aria-expanded': rows.length > 0,
            'aria-controls': id,
            'aria-autocomplete': 'list',
            'aria-activedescendant': index >= 0 ? `${id}-${selected}` : undefined,
            autoComplete: 'off',
            onKeyDown,
          }}
        />
        {props.tools}
      </div>
      {props.notice}
      <ResultList
        ref={list}
        id={id}
        label={props.listLabel}
        rows={rows}
        total={props.total === undefined ? rows.length : props.total}
        selected={selected}
        onSelect={aim}
        onSeen={props.onSeen}
        busy={props.busy}
        more={props.more}
      />
    </>
  );
}
