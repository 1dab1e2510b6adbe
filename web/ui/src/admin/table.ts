import { makeStyles, tokens } from '@fluentui/react-components';

/** Looks of the administration's tables, which scroll sideways where the window is too narrow. */
export const useTableStyles = makeStyles({
  scroll: { overflowX: 'auto', minWidth: 0 },
  table: { borderCollapse: 'collapse', width: '100%', textAlign: 'start' },
  /** Of many columns, which are read better by scrolling than in pieces. */
  wide: { minWidth: '760px' },
  cell: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    textAlign: 'start',
    verticalAlign: 'top',
    // Whole words set how narrow a column gets; only what is longer than its column breaks.
    overflowWrap: 'break-word',
  },
  number: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  actions: { display: 'inline-flex', gap: tokens.spacingHorizontalXS },
});
