import { Button, Switch } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import { useSession } from '../api/queries';
import { useCommands } from '../call/commands';
import { ConsultFooter } from '../consult/ConsultFooter';
import { useConsultChoice } from '../consult/useConsultChoice';
import { useLive, useWatch } from '../live/LiveProvider';
import { useAnnounce } from '../shared/Announcer';
import { RefreshButton } from '../shared/RefreshButton';
import { SearchList } from '../shared/SearchList';
import { useDebounced } from '../shared/useDebounced';
import { ExpertRow } from './ExpertRow';
import { ExpertsNotice } from './ExpertsNotice';
import { refuses, SsoPanel } from './SsoPanel';
import { useExperts, useRefreshPresence } from './useExperts';
import type { TabProps } from '../consult/ConsultDialog';

/** Experts of the organisation: search, see who is free, choose one. */
export function ExpertsTab({ focus, onDone }: TabProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [query, setQuery] = useState('');
  const [onlyAvailable, setOnlyAvailable] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const rested = useDebounced(query.trim(), 200);
  const experts = useExperts({ query: rested, onlyAvailable });
  const cutOff = useLive().state.name === 'lost';

  const pages = experts.data?.pages ?? [];
  const found = pages.flatMap((page) => page.experts);
  const ids = found.map((expert) => expert.id);
  useWatch(ids);
  const total = pages[0]?.total ?? null;
  const settled = experts.isSuccess && !experts.isPlaceholderData;
  useEffect(() => {
    if (!settled) return;
    announce(total === null ? t('experts.foundMany') : t('experts.found', { count: total }));
  }, [settled, total, rested, onlyAvailable, announce, t]);

  const { refreshing, refresh } = useRefresh(ids, () => void experts.refetch());
  const { problem } = useCommands();
  const session = useSession().data;
  const refused = problem?.slug === 'sso-required' ? problem.problem.sso : undefined;
  const sso = refused ?? session?.sso;
  const chosen = found.find((expert) => expert.id === selected) ?? null;
  const missing = refuses(sso) ? t('blocked.sso-required') : chosen ? null : t('blocked.noTarget');
  const choice = useConsultChoice(chosen && { kind: 'organization', id: chosen.id }, missing, onDone);
  return (
    <>
      {refuses(sso) && <SsoPanel sso={sso} />}
      <SearchList
        label={t('search.organization')}
        hint={t('search.organizationHint')}
        listLabel={t('search.results.organization')}
        query={query}
        onQuery={setQuery}
        rows={found.map((expert) => ({ id: expert.id, content: <ExpertRow expert={expert} cutOff={cutOff} /> }))}
        selected={selected}
        onSelect={setSelected}
        onCommit={() => choice.go('consult')}
        focus={focus}
        busy={experts.isFetching}
        tools={
          <>
            <Switch
              label={t('experts.available')}
              checked={onlyAvailable}
              onChange={(_, { checked }) => setOnlyAvailable(checked)}
            />
            <RefreshButton busy={refreshing} onPress={() => void refresh()} />
          </>
        }
        notice={
          <ExpertsNotice
            query={rested}
            onlyAvailable={onlyAvailable}
            page={settled ? pages[0] : undefined}
            shown={found}
            problem={experts.error instanceof ApiProblem ? experts.error : null}
            onRetry={() => void experts.refetch()}
          />
        }
        more={
          experts.hasNextPage && (
            <Button appearance="subtle" disabledFocusable={experts.isFetchingNextPage} onClick={() => void experts.fetchNextPage()}>
              {t('experts.more')}
            </Button>
          )
        }
      />
      <ConsultFooter choice={choice} />
    </>
  );
}

/** The refresh button's work: presences of what is on screen, or the search itself when nothing is. */
function useRefresh(ids: string[], searchAgain: () => void) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const refreshPresence = useRefreshPresence();
  const [refreshing, setRefreshing] = useState(false);
  const refresh = async () => {
    if (ids.length === 0) return searchAgain();
    setRefreshing(true);
    try {
      const failed = await refreshPresence(ids.slice(0, 650));
      announce(failed > 0 ? t('experts.refreshedFailed', { count: failed }) : t('experts.refreshed'));
    } catch {
      announce(t('experts.refreshFailed'));
    } finally {
      setRefreshing(false);
    }
  };
  return { refreshing, refresh };
}
