import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Link } from './parties';

/** Pixels of a line between two who talk. */
export const lineWidth = 3;

const useStyles = makeStyles({
  line: { display: 'block', borderTopWidth: `${lineWidth}px`, borderTopStyle: 'dotted', borderTopColor: tokens.colorNeutralStrokeAccessible },
  talking: { borderTopStyle: 'solid', borderTopColor: tokens.colorCompoundBrandStroke },
});

/** The line between two parties: solid while they talk, dotted while one is being reached, none while one is on hold. */
export function PartyLine({ link }: { link: Link }) {
  const styles = useStyles();
  if (link === 'none') return null;
  return <span className={mergeClasses(styles.line, link === 'talking' && styles.talking)} />;
}
