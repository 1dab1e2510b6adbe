import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { WaitsBadge } from '../call/WaitsBadge';
import type { Interaction } from '../api/types';
import { chosen, pointedAt, useSharedStyles } from '../shared/styles';
import { clockTime } from '../shared/time';
import { isLive } from './calls';
import { useLiveSentence } from './sentence';

const useStyles = makeStyles({
  row: {
    display: 'block',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    borderLeft: '3px solid transparent',
    // Forced colours know no transparent borders: this would mark every row.
    '@media (forced-colors: active)': { borderLeft: '3px solid Canvas' },
    ':hover': pointedAt,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  current: {
    ...chosen,
    borderLeft: `3px solid ${tokens.colorCompoundBrandStroke}`,
    '@media (forced-colors: active)': { borderLeft: '3px solid Highlight' },
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  customer: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  time: { marginInlineStart: 'auto' },
  foot: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalS, overflowWrap: 'anywhere' },
});

interface Props {
  call: Interaction;
  current: boolean;
  /** The server's time in milliseconds, one for all rows. */
  now: number;
  /** One row of the list can be reached by Tab, the others by the arrows. */
  tabIndex: 0 | -1;
  onFocus: () => void;
}

/** One call: the customer, its phase and how long it takes; below in words what is going on. */
export function CallRow({ call, current, now, tabIndex, onFocus }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const sentence = useLiveSentence();
  const { customer, phase } = call;
  return (
    <a
      href={`#/supervisor/${encodeURIComponent(call.id)}`}
      className={mergeClasses(styles.row, current && styles.current)}
      aria-current={current ? 'true' : undefined}
      tabIndex={tabIndex}
      onFocus={onFocus}
    >
      <span className={styles.head}>
        <span className={styles.customer}>{customer.name ?? customer.number ?? t('call.anonymous')}</span>
        <Badge appearance="tint" color={phase === 'held' ? 'warning' : isLive(call) ? 'brand' : 'informative'}>
          {t(`phase.${phase}`)}
        </Badge>
        {customer.waits && <WaitsBadge />}
        {isLive(call) && <span className={mergeClasses(shared.number, styles.time)}>{clockTime(now - Date.parse(call.startedAt))}</span>}
      </span>
      <span className={mergeClasses(styles.foot, shared.muted)}>
        {sentence(call)}
        {customer.state === 'held' && (
          <span className={shared.number}>{t('supervisor.heldFor', { time: clockTime(now - Date.parse(customer.since)) })}</span>
        )}
      </span>
    </a>
  );
}
