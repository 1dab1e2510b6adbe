import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useTargets } from '../api/queries';
import type { Target, TargetKind, TargetList } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useTexts } from '../i18n';
import { isKey } from '../shared/problemText';
import { ProblemBar } from '../shared/ProblemBar';
import { RefreshButton } from '../shared/RefreshButton';
import { SearchList } from '../shared/SearchList';
import { useSharedStyles } from '../shared/styles';
import { useAge, useServerNow } from '../shared/time';
import { useDebounced } from '../shared/useDebounced';
import type { TabProps } from './ConsultDialog';
import { ConsultFooter } from './ConsultFooter';
import { noSearch } from './draft';
import { useConsultChoice } from './useConsultChoice';

type ListedKind = Exclude<TargetKind, 'organization' | 'dialNumber'>;

const lists: Record<ListedKind, TargetList> = { agent: 'agents', queue: 'queues', entryPoint: 'entry-points' };

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', columnGap: tokens.spacingHorizontalM },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
});

/** Agents, queues or entry points: search in them and choose one. */
export function TargetsTab({ kind, entering, focus, onDone }: TabProps & { kind: ListedKind }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const { query, selected } = entering.draft.searches[kind] ?? noSearch;
  const [refreshing, setRefreshing] = useState(false);
  const rested = useDebounced(query, 200);
  const { targets, refresh } = useTargets(lists[kind], rested);
  const problem = problemIn(targets.error);
  const found = targets.data?.targets ?? [];
  const chosen = found.find((target) => target.id === selected) ?? null;
  const choice = useConsultChoice(chosen && { kind, id: chosen.id }, chosen ? null : t('blocked.noTarget'), onDone);

  const count = targets.data?.targets.length;
  const settled = !targets.isPlaceholderData && count !== undefined;
  useEffect(() => {
    if (settled) announce(t('consult.found', { count }));
  }, [settled, count, rested, announce, t]);

  const onRefresh = async () => {
    setRefreshing(true);
    try {
      const read = await refresh();
      announce(t('consult.refreshed', { found: t('consult.found', { count: read.targets.length }) }));
    } catch {
      announce(t('consult.failed'));
      void targets.refetch();
    } finally {
      setRefreshing(false);
    }
  };
  return (
    <>
      <SearchList
        label={t(`search.${kind}`)}
        listLabel={t(`search.results.${kind}`)}
        query={query}
        onQuery={(wanted) => entering.search(kind, { query: wanted })}
        rows={found.map((target) => ({ id: target.id, content: <TargetRow target={target} /> }))}
        selected={selected}
        onSelect={(id) => entering.search(kind, { selected: id })}
        answered={settled && rested === query}
        onCommit={() => choice.go('consult')}
        focus={focus}
        busy={targets.isFetching}
        tools={<RefreshButton busy={refreshing} onPress={() => void onRefresh()} />}
        notice={
          <>
            <ProblemBar problem={problem} onRetry={() => void targets.refetch()} />
            {!problem && (
              <p className={mergeClasses(shared.text, shared.muted)}>
                {targets.isPending && t('consult.loading')}
                {settled && count === 0 && (rested ? t('consult.noMatch', { query: rested }) : t('consult.empty'))}
                {settled && count > 0 && `${t('consult.found', { count })} · `}
                {targets.data && <UpdatedText at={targets.data.observedAt} />}
              </p>
            )}
          </>
        }
      />
      <ConsultFooter choice={choice} />
    </>
  );
}

function TargetRow({ target }: { target: Target }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const styles = useStyles();
  const shared = useSharedStyles();
  const state = isKey(texts.targetState, target.state) ? t(`targetState.${target.state}`) : target.state;
  return (
    <div className={styles.row}>
      <span className={styles.name}>{target.name}</span>
      <span>{state}</span>
      <span className={mergeClasses(shared.muted, shared.number)}>{target.number}</span>
    </div>
  );
}

function UpdatedText({ at }: { at: string }) {
  const { t } = useTranslation();
  const age = useAge();
  const now = useServerNow();
  return t('consult.updated', { age: age((now - Date.parse(at)) / 1000) });
}
