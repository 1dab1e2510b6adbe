import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useSession } from '../api/queries';
import { useCommands } from '../call/commands';
import { ConsultFooter } from '../consult/ConsultFooter';
import { noSearch } from '../consult/draft';
import { useConsultChoice } from '../consult/useConsultChoice';
import { useLive, useWatch } from '../live/LiveProvider';
import { useAnnounce } from '../shared/Announcer';
import { ProblemBar } from '../shared/ProblemBar';
import { RefreshButton } from '../shared/RefreshButton';
import { SearchList } from '../shared/SearchList';
import { useDebounced } from '../shared/useDebounced';
import { ChatLink } from './ChatLink';
import { ExpertRow } from './ExpertRow';
import { ExpertsNotice } from './ExpertsNotice';
import { FavouriteButton } from './FavouriteButton';
import { KeptNotice } from './KeptNotice';
import { FilterFold } from './FilterFold';
import { admits, count } from './limits';
import { LimitsChoice } from './LimitsChoice';
import { ListChoice } from './ListChoice';
import { refuses, SsoPanel } from './SsoPanel';
import { useExperts, useRefreshPresence } from './useExperts';
import { useKept, useMark } from './useKept';
import type { TabProps } from '../consult/ConsultDialog';

/** Experts of the organisation: search or the agent's own lists, see who is free, choose one. */
export function ExpertsTab({ entering, focus, onDone }: TabProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { list: chosenList, limits } = entering.draft;
  const { query, selected } = entering.draft.searches.organization ?? noSearch;
  const setQuery = (wanted: string) => entering.search('organization', { query: wanted });
  // Whoever types searches among everybody; the list is back when the field is empty.
  const list = query.trim() === '' ? chosenList : 'everybody';
  const rested = useDebounced(query.trim(), 200);
  const search = useExperts({ query: rested, limits, enabled: list === 'everybody' });
  const kept = useKept(list);
  const marking = useMark();
  const cutOff = useLive().state.name === 'lost';

  const pages = search.data?.pages ?? [];
  const asked = list === 'everybody' ? search : kept.query;
  const found = list === 'everybody'
    ? pages.flatMap((page) => page.experts)
    : kept.experts.filter((expert) => admits(limits, expert));
  const [seen, setSeen] = useState<readonly string[]>([]);
  useWatch(seen);
  const total = list === 'everybody' ? (pages[0]?.total ?? null) : found.length;
  const settled = asked.isSuccess && !asked.isPlaceholderData;
  useEffect(() => {
    if (!settled) return;
    announce(total === null ? t('experts.foundMany') : t('experts.found', { count: total }));
  }, [settled, total, list, rested, limits, announce, t]);

  const { refreshing, refresh } = useRefresh(seen, () => void asked.refetch());
  const { problem } = useCommands();
  const session = useSession().data;
  // Microsoft may want more of a person than the session knows of: whatever was refused says what.
  const unread = problemIn(asked.error);
  const refused = [problem, unread].find((one) => one?.slug === 'sso-required')?.problem.sso;
  const sso = refused ?? session?.sso;
  const inSight = found.filter(({ id }) => seen.includes(id));
  const chosen = found.find((expert) => expert.id === selected) ?? null;
  const missing = refuses(sso) ? t('blocked.sso-required') : chosen ? null : t('blocked.noTarget');
  const choice = useConsultChoice(chosen && { kind: 'organization', id: chosen.id }, missing, onDone);
  const trouble = { problem: unread, onRetry: () => void asked.refetch() };
  return (
    <>
      {refuses(sso) && <SsoPanel sso={sso} />}
      <ProblemBar problem={marking.problem} onDismiss={marking.dismiss} />
      <SearchList
        label={t('search.organization')}
        hint={t('search.organizationHint')}
        listLabel={t('search.results.organization')}
        query={query}
        onQuery={setQuery}
        rows={found.map((expert) => {
          const marked = kept.marked.has(expert.id);
          const onMark = () => marking.mark(expert, !marked);
          return { id: expert.id, content: <ExpertRow expert={expert} cutOff={cutOff} marked={marked} onMark={onMark} /> };
        })}
        total={list === 'everybody' && search.hasNextPage ? total : found.length}
        selected={selected}
        onSelect={(id) => entering.search('organization', { selected: id })}
        onSeen={setSeen}
        answered={settled && rested === query.trim()}
        onCommit={() => choice.go('consult')}
        focus={focus}
        busy={asked.isFetching}
        tools={
          <>
            <FilterFold set={count(limits) + (list === 'everybody' ? 0 : 1)}>
              <ListChoice
                list={list}
                onList={(wanted) => {
                  entering.enter({ list: wanted });
                  setQuery('');
                }}
              />
              <LimitsChoice limits={limits} onLimits={(wanted) => entering.enter({ limits: wanted })} />
            </FilterFold>
            <RefreshButton busy={refreshing} onPress={() => void refresh()} />
            <FavouriteButton
              expert={chosen}
              marked={chosen !== null && kept.marked.has(chosen.id)}
              busy={marking.busy}
              onMark={marking.mark}
            />
          </>
        }
        notice={
          list === 'everybody' ? (
            <ExpertsNotice query={rested} limits={limits} page={settled ? pages[0] : undefined} shown={found} seen={inSight} {...trouble} />
          ) : (
            <KeptNotice
              list={list}
              limits={limits}
              loading={asked.isPending}
              kept={kept.experts.length}
              shown={found.length}
              unlisted={kept.unlisted}
              onForget={marking.forget}
              {...trouble}
            />
          )
        }
        more={
          list === 'everybody' && search.hasNextPage && (
            <Button appearance="subtle" disabledFocusable={search.isFetchingNextPage} onClick={() => void search.fetchNextPage()}>
              {t('experts.more')}
            </Button>
          )
        }
      />
      <ConsultFooter choice={choice} beside={<ChatLink expert={chosen} />} />
    </>
  );
}

/** The refresh button's work: presences of whoever is in sight, or the search itself when nothing is. */
function useRefresh(ids: readonly string[], searchAgain: () => void) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const refreshPresence = useRefreshPresence();
  const [refreshing, setRefreshing] = useState(false);
  const refresh = async () => {
    if (ids.length === 0) return searchAgain();
    setRefreshing(true);
    try {
      const failed = await refreshPresence(ids);
      announce(failed > 0 ? t('experts.refreshedFailed', { count: failed }) : t('experts.refreshed'));
    } catch {
      announce(t('experts.refreshFailed'));
    } finally {
      setRefreshing(false);
    }
  };
  return { refreshing, refresh };
}
