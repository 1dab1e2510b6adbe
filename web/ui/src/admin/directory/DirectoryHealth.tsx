import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization, Reading } from '../../api/types';
import { Fact, Facts } from '../../shared/Facts';
import { useSharedStyles } from '../../shared/styles';
import { useAge, useServerNow } from '../../shared/time';
import { useDateTime } from '../useDateTime';
import { Trouble } from './Trouble';

type Directory = AdminOrganization['directory'];

const useStyles = makeStyles({ progress: { width: 'min(100%, 320px)', marginInlineEnd: tokens.spacingHorizontalS } });

/** How the directory follows Microsoft's: how many people, as of when, what is being read, and what went wrong last. */
export function DirectoryHealth({ directory }: { directory: Directory }) {
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const dateTime = useDateTime();
  const number = (n: number) => n.toLocaleString(i18n.language);
  const { mode, people, experts, reading, nextAt } = directory;
  return (
    <section className={shared.card} aria-labelledby="admin-directory">
      <h2 className={shared.subheading} id="admin-directory">
        {t('admin.directory')}
      </h2>
      {mode === 'live' && <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.directories.live')}</p>}
      <DirectoryProgress directory={directory} />
      <Facts>
        {mode !== 'live' && <Fact term={t('admin.directories.people')}>{number(people)}</Fact>}
        {mode !== 'live' && <Fact term={t('admin.directories.experts')}>{number(experts)}</Fact>}
        {reading?.since && <Fact term={t('admin.directories.readingSince')}>{dateTime(reading.since)}</Fact>}
        {nextAt && !reading && <Fact term={t('admin.directories.next')}>{dateTime(nextAt)}</Fact>}
        <Fact term={t('admin.lastError')}>
          {directory.error ? (
            <Trouble code={directory.error} requestId={directory.requestId} since={directory.since} retryAfter={directory.retryAfterSeconds} />
          ) : (
            t('admin.noError')
          )}
        </Fact>
      </Facts>
    </section>
  );
}

/** How current the directory is, or how far its reading. */
export function DirectoryProgress({ directory }: { directory: Directory }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const age = useAge();
  const now = useServerNow();
  const { ready, syncedAt, reading, people, rate } = directory;
  return (
    <div className={shared.text}>
      {ready && syncedAt && <div>{t('admin.directoryReady', { age: age((now - Date.parse(syncedAt)) / 1000) })}</div>}
      {(reading || !ready) && <ReadingProgress first={!ready} reading={reading ?? { people, expected: null, secondsLeft: null }} rate={rate} />}
    </div>
  );
}

/** How far a full reading is: people so far, of how many, how fast, and how long it still takes. */
function ReadingProgress({ first, reading, rate }: { first: boolean; reading: Reading; rate: number | null }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const age = useAge();
  const number = (n: number) => Math.round(n).toLocaleString(i18n.language);
  const { people, expected, secondsLeft } = reading;
  const words = [t(first ? 'admin.directoryLoading' : 'admin.directoryReading', { people: number(people) })];
  if (expected !== null) words[0] += ` ${t('admin.directoryReadingOf', { expected: number(expected) })}`;
  if (rate) words.push(t('admin.directoryRate', { count: Math.round(rate) }));
  if (secondsLeft !== null) words.push(t('admin.directoryLeft', { left: age(secondsLeft) }));
  return (
    <div>
      {expected !== null && <progress className={styles.progress} aria-label={t('admin.directory')} max={expected} value={Math.min(people, expected)} />}
      {words.join(' · ')}
    </div>
  );
}
