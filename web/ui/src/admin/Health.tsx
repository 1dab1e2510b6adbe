import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization, Reading } from '../api/types';
import { useTexts } from '../i18n';
import { isKey } from '../shared/problemText';
import { useSharedStyles } from '../shared/styles';
import { useAge, useServerNow } from '../shared/time';

const useStyles = makeStyles({
  facts: { margin: 0, display: 'grid', gridTemplateColumns: 'minmax(160px, max-content) 1fr', columnGap: tokens.spacingHorizontalXL, rowGap: tokens.spacingVerticalM, '@media (max-width: 560px)': { gridTemplateColumns: '1fr', rowGap: tokens.spacingVerticalXS } },
  term: { fontWeight: tokens.fontWeightSemibold },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

/** A credential that ends within this time is worth a word. */
const soon = 30 * 24 * 3600 * 1000;

/** How the parts at Microsoft are: application, credential, directory, presence and the last error with its request id. */
export function Health({ organization }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { servicePrincipal, credential, directory, presence, lastError } = organization;
  const principal = isKey(texts.admin.principalState, servicePrincipal) ? servicePrincipal : 'unknown';
  return (
    <section className={shared.card} aria-label={t('admin.status')}>
      <dl className={styles.facts}>
        <Fact term={t('admin.principal')}>{t(`admin.principalState.${principal}`)}</Fact>
        <Fact term={t('admin.credential')}>
          <Credential expiresAt={credential.expiresAt} />
        </Fact>
        <Fact term={t('admin.directory')}>
          <Directory directory={directory} />
        </Fact>
        <Fact term={t('admin.presence')}>
          <Presence presence={presence} />
        </Fact>
        <Fact term={t('admin.lastError')}>
          {lastError ? lastError.code : t('admin.noError')}
          {lastError?.requestId && ` · ${t('app.requestId', { id: lastError.requestId })}`}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  );
}

function Credential({ expiresAt }: { expiresAt: string | null }) {
  const { t, i18n } = useTranslation();
  const now = useServerNow(60_000);
  if (expiresAt === null) return t('admin.credentialUnknown');
  const date = new Date(expiresAt).toLocaleDateString(i18n.language, { dateStyle: 'long' });
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return t('admin.credentialOver', { date });
  return t(left < soon ? 'admin.credentialSoon' : 'admin.credentialUntil', { date });
}

function Directory({ directory }: { directory: AdminOrganization['directory'] }) {
  const { t } = useTranslation();
  const age = useAge();
  const now = useServerNow();
  const { ready, syncedAt, reading } = directory;
  return (
    <>
      {ready && syncedAt && <div>{t('admin.directoryReady', { age: age((now - Date.parse(syncedAt)) / 1000) })}</div>}
      {(reading || !ready) && (
        <Progress first={!ready} reading={reading ?? { people: directory.people, expected: null, secondsLeft: null }} rate={directory.rate} />
      )}
      <div>
        {t('admin.people', { count: directory.people })} · {t('admin.experts', { count: directory.experts })}
      </div>
      <Trouble code={directory.error} requestId={directory.requestId} since={directory.since} retryAfter={directory.retryAfterSeconds} />
    </>
  );
}

/** How far a full reading is: people so far, of how many, how fast, and how long it still takes. */
function Progress({ first, reading, rate }: { first: boolean; reading: Reading; rate: number | null }) {
  const { t, i18n } = useTranslation();
  const age = useAge();
  const number = (n: number) => Math.round(n).toLocaleString(i18n.language);
  const { people, expected, secondsLeft } = reading;
  const words = [t(first ? 'admin.directoryLoading' : 'admin.directoryReading', { people: number(people) })];
  if (expected !== null) words[0] += ` ${t('admin.directoryReadingOf', { expected: number(expected) })}`;
  if (rate) words.push(t('admin.directoryRate', { count: Math.round(rate) }));
  if (secondsLeft !== null) words.push(t('admin.directoryLeft', { left: age(secondsLeft) }));
  return (
    <div>
      {expected !== null && <progress aria-label={t('admin.directory')} max={expected} value={Math.min(people, expected)} />} {words.join(' · ')}
    </div>
  );
}

function Presence({ presence }: { presence: AdminOrganization['presence'] }) {
  const { t } = useTranslation();
  const age = useAge();
  return (
    <>
      {t('admin.presenceText', { count: presence.watched })}
      {presence.oldestAgeSeconds !== null && ` · ${t('admin.presenceOldest', { age: age(presence.oldestAgeSeconds) })}`}
      <Trouble code={presence.error} requestId={null} since={presence.since} retryAfter={presence.retryAfterSeconds} />
    </>
  );
}

interface TroubleProps {
  code: string | null;
  requestId: string | null;
  /** Since when Graph has not answered. */
  since?: string | null | undefined;
  /** In how many seconds it is asked again. */
  retryAfter?: number | null | undefined;
}

function Trouble({ code, requestId, since, retryAfter }: TroubleProps) {
  const { t, i18n } = useTranslation();
  const texts = useTexts();
  const age = useAge();
  if (!code) return null;
  return (
    <div>
      {t(`admin.health.${isKey(texts.admin.health, code) ? code : 'failed'}`)}
      {since && ` · ${t('admin.troubleSince', { time: new Date(since).toLocaleTimeString(i18n.language) })}`}
      {retryAfter ? ` · ${t('admin.troubleUntil', { time: age(retryAfter) })}` : null}
      {requestId && ` · ${t('app.requestId', { id: requestId })}`}
    </div>
  );
}
