import { Badge, Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { SignedInSession } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';
import { useDateTime } from '../useDateTime';
import type { Ending } from './EndSessionDialog';

const useStyles = makeStyles({
  session: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingBottom: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  words: { flexGrow: 1, flexBasis: '260px', minWidth: 0, overflowWrap: 'anywhere' },
  name: { fontWeight: tokens.fontWeightSemibold },
});

/** Sessions with whose they are, since when and until when, each with a way to end it. */
export function SessionList({ sessions, label, onEnd }: { sessions: readonly SignedInSession[]; label: string; onEnd: (ending: Ending) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const dateTime = useDateTime();
  if (sessions.length === 0) return null;
  return (
    <ul className={shared.plainList} aria-label={label}>
      {sessions.map(({ id, current, agent, name, identities, startedAt, seenAt, expiresAt }) => (
        <li key={id} className={styles.session}>
          <div className={styles.words}>
            <span className={styles.name}>{agent?.name ?? name}</span>{' '}
            {current && <Badge appearance="tint">{t('admin.sessions.current')}</Badge>}
            <p className={mergeClasses(shared.text, shared.muted)}>
              {identities.map((identity) => t(`admin.sessions.identity.${identity}`)).join(', ')}
              {' · '}
              {t('admin.sessions.times', { started: dateTime(startedAt), seen: dateTime(seenAt), expires: dateTime(expiresAt) })}
            </p>
          </div>
          <Button
            size="small"
            aria-haspopup="dialog"
            aria-label={t('admin.sessions.endOf', { name: agent?.name ?? name, time: dateTime(startedAt) })}
            onClick={() => onEnd({ path: `/admin/sessions/${encodeURIComponent(id)}`, name: agent?.name ?? name, what: current ? 'current' : 'one' })}
          >
            {t('admin.sessions.end')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
