import { mergeClasses, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import type { Expert, ExpertPage } from '../api/types';
import { ProblemBar } from '../shared/ProblemBar';
import { useSharedStyles } from '../shared/styles';
import { useAge, useServerNow } from '../shared/time';

interface Props {
  query: string;
  onlyAvailable: boolean;
  /** The first page of the present question; undefined while it is on its way. */
  page: ExpertPage | undefined;
  shown: readonly Expert[];
  problem: ApiProblem | null;
  onRetry: () => void;
}

/** What there is to say about a list of experts: how many, how old, or why there are none. */
export function ExpertsNotice({ query, onlyAvailable, page, shown, problem, onRetry }: Props) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  if (problem?.slug === 'phone-incomplete') {
    return (
      <MessageBar intent="info">
        <MessageBarBody>{t('experts.incomplete')}</MessageBarBody>
      </MessageBar>
    );
  }
  // The panel above says it.
  if (problem?.slug === 'sso-required') return null;
  if (problem) return <ProblemBar problem={problem} onRetry={onRetry} />;
  const text = mergeClasses(shared.text, shared.muted);
  if (!page) return <p className={text}>{t('consult.loading')}</p>;
  if (shown.length === 0) {
    const empty = onlyAvailable ? t('experts.noneAvailable') : query ? t('experts.none', { query }) : t('experts.start');
    return <p className={text}>{empty}</p>;
  }
  const count = page.total === null ? t('experts.foundMany') : t('experts.found', { count: page.total });
  return (
    <p className={text}>
      {count}
      {page.checked !== null && ` · ${t('experts.checked', { count: page.checked })}`}
      <Ages page={page} shown={shown} />
    </p>
  );
}

function Ages({ page, shown }: { page: ExpertPage; shown: readonly Expert[] }) {
  const { t } = useTranslation();
  const age = useAge();
  const now = useServerNow();
  const observed = shown.flatMap(({ presence }) => (presence.observedAt ? [Date.parse(presence.observedAt)] : []));
  const since = (at: number) => age((now - at) / 1000);
  return (
    <>
      {observed.length > 0 && ` · ${t('experts.presenceAge', { age: since(Math.min(...observed)) })}`}
      {page.directory.syncedAt && ` · ${t('experts.directoryAge', { age: since(Date.parse(page.directory.syncedAt)) })}`}
    </>
  );
}
