import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { StarFilled, StarRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { Expert } from '../api/types';
import { small, useSharedStyles } from '../shared/styles';
import { useAge, useServerNow } from '../shared/time';
import { PresenceBadge } from './PresenceBadge';
import { presenceShape, presenceWord } from './presence';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: '1fr auto',
    columnGap: tokens.spacingHorizontalL,
    [small]: { gridTemplateColumns: '1fr' },
  },
  who: { minWidth: 0, overflowWrap: 'anywhere' },
  name: { fontWeight: tokens.fontWeightSemibold },
  star: { display: 'inline-flex', verticalAlign: 'text-bottom', marginInlineEnd: tokens.spacingHorizontalXS, fontSize: '20px', padding: '2px', color: tokens.colorNeutralForeground3, '@media (forced-colors: active)': { color: 'CanvasText' } },
  marked: { color: tokens.colorPaletteMarigoldForeground2 },
  side: { textAlign: 'end', [small]: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: tokens.spacingHorizontalM, textAlign: 'start' } },
  line: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: tokens.spacingHorizontalXS,
    [small]: { justifyContent: 'flex-start' },
  },
  presence: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, '--presence-cut': tokens.colorNeutralBackground1 },
  small: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

interface Props {
  expert: Expert;
  /** No news come at present. */
  cutOff: boolean;
  /** Whether they are a favourite of the agent's. */
  marked: boolean;
  onMark: () => void;
}

/** One expert: name first, what they do, whether they are free and how old that news is, and their number. */
export function ExpertRow({ expert, cutOff, marked, onMark }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { presence } = expert;
  const word = presenceWord(presence);
  const old = presence.stale || cutOff;
  return (
    <div className={styles.row}>
      <div className={styles.who}>
        <div className={styles.name}>
          {/* For the mouse: a row of a listbox holds no buttons. The keyboard has one beside the search. */}
          {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
          <span className={mergeClasses(styles.star, marked && styles.marked)} data-testid="star" onClick={onMark}>
            {marked ? <StarFilled role="img" aria-hidden={false} aria-label={t('experts.favourite')} /> : <StarRegular aria-hidden />}
          </span>
          {expert.name}
        </div>
        <div className={mergeClasses(shared.muted, styles.small)}>
          {[expert.role, expert.department].filter(Boolean).join(' · ')}
        </div>
      </div>
      <div className={styles.side}>
        <div className={styles.line}>
          <span className={styles.presence}>
            <PresenceBadge shape={presenceShape(word)} />
            {t(`presence.${word}`)}
            {presence.outOfOffice && word !== 'outOfOffice' && ` (${t('experts.outOfOffice')})`}
          </span>
          {old && word !== 'unknown' && (
            <Badge appearance="outline" color="warning">
              {t('experts.old')}
            </Badge>
          )}
          {presence.observedAt && <PresenceAge at={presence.observedAt} />}
        </div>
        <div className={mergeClasses(shared.muted, shared.number, styles.small)}>{expert.number}</div>
      </div>
    </div>
  );
}

/** Not read out: it changes all the time, and what matters of it, "old", is a word of its own. */
function PresenceAge({ at }: { at: string }) {
  const styles = useStyles();
  const shared = useSharedStyles();
  const age = useAge();
  const now = useServerNow(5_000);
  return (
    <span aria-hidden className={mergeClasses(shared.muted, styles.small)}>
      {'· '}
      {age((now - Date.parse(at)) / 1000)}
    </span>
  );
}
