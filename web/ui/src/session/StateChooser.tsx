import { makeStyles, Select, tokens } from '@fluentui/react-components';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import type { Session } from '../api/types';
import { PresenceBadge } from '../experts/PresenceBadge';
import type { PresenceShape } from '../experts/presence';
import { ProblemBar } from '../shared/ProblemBar';
import { leadsHere } from '../shared/shortcuts';
import { IdleReasonDialog } from './IdleReasonDialog';
import { useChangeState } from './useChangeState';

const shapes: Record<Session['state']['name'], PresenceShape> = {
  available: 'available',
  idle: 'away',
  engaged: 'busy',
  wrapUp: 'busy',
  offline: 'offline',
};

/** Why agents take breaks: chosen without typing. The service keeps the words, in the agent's language. */
const reasons = ['lunch', 'meeting', 'training', 'paperwork'] as const;

/** Values of the choices: a state, and after a colon why. */
const other = 'idle:other';
const own = 'own';

const useStyles = makeStyles({
  state: { display: 'inline-flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, maxWidth: 'min(360px, 100%)' },
  chooser: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS, maxWidth: '100%', '--presence-cut': tokens.colorNeutralBackground1 },
  select: { minWidth: 0, maxWidth: '240px' },
});

/** The agent's own state: shown always, changed between available and idle, with why if they like. A change that was refused says so below. */
export function StateChooser({ session }: { session: Session }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const change = useChangeState();
  const [asking, setAsking] = useState(false);
  const select = useRef<HTMLSelectElement>(null);
  const { name, reason } = session.state;
  const kept = reasons.find((one) => t(`idle.${one}`) === reason) ?? (reason === null ? null : own);
  const choosable = name === 'available' || name === 'idle';
  const take = (value: string) => {
    if (value === 'available' || value === 'idle') change.mutate({ name: value });
    else if (value === other) setAsking(true);
    const ready = reasons.find((one) => value === `idle:${one}`);
    if (ready) change.mutate({ name: 'idle', reason: t(`idle.${ready}`) });
  };
  const close = () => {
    setAsking(false);
    select.current?.focus();
  };
  return (
    <div className={styles.state}>
      <span className={styles.chooser}>
        <PresenceBadge shape={shapes[name]} />
        <Select
          ref={select}
          className={styles.select}
          aria-label={t('state.menu')}
          {...leadsHere('status')}
          value={name === 'idle' && kept ? `idle:${kept}` : name}
          aria-busy={change.isPending}
          onChange={(_, { value }) => !change.isPending && take(value)}
        >
          {/* The states that only a call brings about cannot be chosen, but must be seen. */}
          {!choosable && (
            <option value={name} disabled>
              {t(`state.${name}`)}
            </option>
          )}
          <option value="available">{t('state.available')}</option>
          <option value="idle">{t('state.idle')}</option>
          {reasons.map((one) => (
            <option key={one} value={`idle:${one}`}>
              {t('idle.because', { reason: t(`idle.${one}`) })}
            </option>
          ))}
          {name === 'idle' && kept === own && <option value={`idle:${own}`}>{t('idle.because', { reason })}</option>}
          <option value={other}>{t('idle.other')}</option>
        </Select>
        {asking && (
          <IdleReasonDialog
            onClose={close}
            onReason={(text) => {
              change.mutate({ name: 'idle', ...(text !== '' && { reason: text }) });
              close();
            }}
          />
        )}
      </span>
      <ProblemBar problem={problemIn(change.error)} onDismiss={() => change.reset()} />
    </div>
  );
}
