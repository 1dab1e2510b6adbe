import { Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExplainDocument, ExplainStep } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { RefreshButton } from '../../shared/RefreshButton';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { Loaded } from '../Loaded';
import { ResultIcon, resultOf } from '../ResultIcon';
import { addressOf } from '../sections';

const useStyles = makeStyles({
  step: { display: 'grid', gridTemplateColumns: '20px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalS, overflowWrap: 'anywhere' },
  title: { fontWeight: tokens.fontWeightSemibold },
  head: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

/** Where the services' addresses that heal a step stand on this page. */
const places: Record<string, string> = {
  '/api/v1/admin/agents': addressOf('agents'),
  '/api/v1/admin/consent': addressOf('setup'),
  '/api/v1/admin/organization/sso': addressOf('setup'),
};

/** Every step from the agent's sign-in to the expert's telephone, as it stands now. */
export function Explanation({ agent, expert }: { agent: string; expert: string }) {
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const query = new URLSearchParams({ agent, ...(expert !== '' && { expert }) });
  const explanation = useQuery({
    queryKey: ['explain', agent, expert, i18n.language],
    queryFn: ({ signal }) => api.get<ExplainDocument>(`/admin/explain?${query.toString()}`, signal, { 'Accept-Language': i18n.language }),
    gcTime: 0, // what is shown is always asked now
  });
  return (
    <section className={shared.card} aria-labelledby="admin-explanation">
      <Loaded query={explanation} loading={t('admin.explain.asking')}>
        {(found) => (
          <>
            <Headline found={found} alone={expert === ''} />
            <ol className={shared.plainList} aria-label={t('admin.explain.steps')}>
              {found.steps.map((step) => (
                <Step key={step.step} step={step} />
              ))}
            </ol>
            <div>
              <RefreshButton busy={explanation.isFetching} onPress={() => void explanation.refetch()} />
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}

/** The answer in a sentence; `alone`: nobody was named whom the agent should reach. */
function Headline({ found, alone }: { found: ExplainDocument; alone: boolean }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const agent = found.agent.name ?? t('admin.explain.unknownAgent');
  const expert = found.expert.name ?? t('admin.explain.unknownExpert');
  const words = t(`admin.explain.${alone ? 'headlineAlone' : 'headline'}.${found.state}`, { agent, expert });
  useEffect(() => announce(words), [announce, words]);
  return (
    <h2 className={mergeClasses(shared.subheading, styles.head)} id="admin-explanation">
      <ResultIcon result={resultOf(found.state)} /> {words}
    </h2>
  );
}

function Step({ step }: { step: ExplainStep }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { actor, action, link, code, requestId } = step;
  const place = action === null ? undefined : places[action];
  return (
    <li className={styles.step}>
      <ResultIcon result={resultOf(step.state)} />
      <div>
        <div className={styles.title}>{step.title}</div>
        <p className={shared.text}>{step.detail}</p>
        {(actor === 'agent' || actor === 'admin' || actor === 'operator') && (
          <p className={mergeClasses(shared.text, shared.muted)}>{t(`admin.checks.healer.${actor}`)}</p>
        )}
        {place && <Link href={place}>{t('admin.explain.here')}</Link>}{' '}
        {link && (
          <Link href={link} target="_blank" rel="noopener noreferrer">
            {t('admin.checks.open')}
          </Link>
        )}
        {code && (
          <p className={mergeClasses(shared.text, shared.muted)}>
            {code}
            {requestId && ` · ${t('app.requestId', { id: requestId })}`}
          </p>
        )}
      </div>
    </li>
  );
}
