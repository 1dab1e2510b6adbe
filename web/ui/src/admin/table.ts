import { makeStyles, tokens } from '@fluentui/react-components';

/** Looks of the administration's tables of few columns; what has many is a list (InlineFacts). */
export const useTableStyles = makeStyles({
  table: { borderCollapse: 'collapse', width: '100%', textAlign: 'start' },
  cell: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    textAlign: 'start',
    verticalAlign: 'top',
    // Whole words set how narrow a column gets; only what is longer than its column breaks.
    overflowWrap: 'break-word',
  },
});
