import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { callAddress } from '../shared/route';
import { leadsHere } from '../shared/shortcuts';
import { pointedAt, useSharedStyles } from '../shared/styles';
import { Timer } from './Timer';
import { WaitsBadge } from './WaitsBadge';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  item: {
    display: 'flex',
    flexDirection: 'column',
    minWidth: '160px',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': pointedAt,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
  current: { border: `2px solid ${tokens.colorCompoundBrandStroke}` },
  name: { fontWeight: tokens.fontWeightSemibold },
});

/** All open calls of this agent, shown when there is more than one. */
export function InteractionList({ interactions, current }: { interactions: readonly Interaction[]; current: string | undefined }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  return (
    <nav aria-label={t('call.list')} {...leadsHere('list')}>
      <ul className={styles.list}>
        {interactions.map((one) => (
          <li key={one.id}>
            <a
              href={callAddress(one.id)}
              aria-current={one.id === current ? 'page' : undefined}
              className={mergeClasses(styles.item, one.id === current && styles.current)}
            >
              <span className={styles.name}>{one.customer.name ?? one.customer.number ?? t('call.anonymous')}</span>
              <span className={shared.muted}>
                {one.wrapUp ? t('phase.wrapup') : t(`phase.${one.phase}`)} · <Timer since={one.startedAt} />
              </span>
              {one.customer.waits && <WaitsBadge />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
