import { makeStyles, tokens } from '@fluentui/react-components';

/** A window in which what one works with needs all the room: a telephone's, or 400 % zoom. */
export const small = '@media (max-width: 480px)';

/**
 * What is pointed at and what is chosen. Teams' contrast theme has one bright
 * colour for both, on which texts of two strengths cannot be read: there an
 * edge stands for it, which the other themes do not show.
 */
export const pointedAt = { backgroundColor: tokens.colorNeutralBackground3, boxShadow: `inset 0 0 0 1px ${tokens.colorTransparentStrokeInteractive}` } as const;
export const chosen = { backgroundColor: tokens.colorNeutralBackground6, boxShadow: `inset 0 0 0 2px ${tokens.colorTransparentStrokeInteractive}` } as const;

/** Looks that several areas share: the card that everything stands on, and its rows. */
export const useSharedStyles = makeStyles({
  card: {
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXL}`,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    minWidth: 0,
    [small]: { padding: tokens.spacingHorizontalM },
  },
  heading: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  subheading: {
    margin: 0,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { margin: 0, fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  muted: { color: tokens.colorNeutralForeground2 },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  commands: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(230px, 100%), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  /** Of a message: what is below it gives way and never cuts its words; no wider than what it stands in. */
  whole: { flexShrink: 0, maxWidth: '100%', boxSizing: 'border-box' },
  number: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  stack: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
  plainList: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});
