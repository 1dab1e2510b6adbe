import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CallRegular, ClockRegular, DialpadRegular, HeadsetRegular, MusicNote2Regular, PauseRegular, PersonRegular, SpeakerMuteRegular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { Party, PartyState } from './parties';

/** Pixels across. */
export const discSize = 52;

const useStyles = makeStyles({
  disc: {
    position: 'relative',
    flexShrink: 0,
    boxSizing: 'border-box',
    width: `${discSize}px`,
    height: `${discSize}px`,
    borderRadius: tokens.borderRadiusCircular,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    fontSize: '24px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground2,
    border: `2px solid ${tokens.colorNeutralStrokeAccessible}`,
  },
  talking: { backgroundColor: tokens.colorBrandBackground2, color: tokens.colorBrandForeground2, border: `3px solid ${tokens.colorCompoundBrandStroke}` },
  // Broken borders, so that who cannot hear the others is not told by colour alone.
  apart: { borderTopStyle: 'dashed', borderRightStyle: 'dashed', borderBottomStyle: 'dashed', borderLeftStyle: 'dashed' },
  initials: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  badge: {
    position: 'absolute',
    bottom: '-5px',
    insetInlineEnd: '-7px',
    width: '22px',
    height: '22px',
    boxSizing: 'border-box',
    borderRadius: tokens.borderRadiusCircular,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    fontSize: '14px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
  },
});

const badges: Record<PartyState, ReactElement | null> = {
  talking: null,
  held: <MusicNote2Regular />,
  ringing: <CallRegular />,
  asked: <DialpadRegular />,
  waiting: <ClockRegular />,
  holding: <PauseRegular />,
  alone: <SpeakerMuteRegular />,
};

/** One party of a call: who by initials, what they hear by border and badge. The words stand below it. */
export function PartyDisc({ party }: { party: Party }) {
  const styles = useStyles();
  const { state } = party;
  return (
    <span aria-hidden className={mergeClasses(styles.disc, state === 'talking' ? styles.talking : styles.apart)}>
      <Face party={party} />
      {badges[state] && <span className={styles.badge}>{badges[state]}</span>}
    </span>
  );
}

function Face({ party: { kind, name } }: { party: Party }) {
  const styles = useStyles();
  if (kind === 'you') return <HeadsetRegular />;
  const letters = initials(name ?? '');
  return letters === '' ? <PersonRegular /> : <span className={styles.initials}>{letters}</span>;
}

/** The first letters of the first and the last word; none of what begins with no letter, such as a number. */
export function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((word) => word.match(/^\p{L}/u)?.[0] ?? []);
  const [first = ''] = letters;
  return (first + (letters.length > 1 ? (letters.at(-1) ?? '') : '')).toLocaleUpperCase();
}
