import { useTranslation } from 'react-i18next';
import { useSharedStyles } from '../shared/styles';
import { clockTime, useServerNow } from '../shared/time';

/** What the timer will do and when, counted from the service's own time. */
export function Countdown({ dueAt, reason }: { dueAt: string; reason: string | undefined }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const now = useServerNow();
  const time = clockTime(Date.parse(dueAt) - now);
  return (
    <p role="timer" aria-live="off" className={shared.text}>
      {reason ? t('wrapUp.countdown', { reason, time }) : t('wrapUp.countdownNoReason', { time })}
    </p>
  );
}
