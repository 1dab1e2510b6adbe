import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from './services';

/** The server's time in milliseconds, renewed every `interval` milliseconds. */
export function useServerNow(interval = 1_000): number {
  const { clock } = useServices();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), interval);
    return () => clearInterval(timer);
  }, [clock, interval]);
  return now;
}

/** A running time as people read it on a telephone: 0:07, 12:30, 1:02:03. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`;
}

/** An age in the coarsest unit that still says something: "12 s", "3 min", "2 h". */
export function useAge(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole < 90) return t('time.seconds', { count: whole });
    if (whole < 5400) return t('time.minutes', { count: Math.round(whole / 60) });
    return t('time.hours', { count: Math.round(whole / 3600) });
  };
}
