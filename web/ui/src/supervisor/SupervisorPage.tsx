import { Button, makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useInteractions, useSession } from '../api/queries';
import type { Interaction } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { ProblemBar } from '../shared/ProblemBar';
import { useSharedStyles } from '../shared/styles';
import { CallDetail } from './CallDetail';
import { CallFilters } from './CallFilters';
import { CallList } from './CallList';
import { countByPhase, everyCall, filteredCalls, type CallFilter } from './calls';

const useStyles = makeStyles({
  panes: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingHorizontalL, alignItems: 'start' },
  both: { '@media (min-width: 860px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' } },
  /** Where there is no room for both, the call that was chosen stands alone. */
  behind: { '@media (max-width: 859px)': { display: 'none' } },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1, fontWeight: tokens.fontWeightSemibold },
});

export const build = __BUILD__;

/** The live calls of the organisation, to look at: events keep them current, nothing can be done to them here. */
export default function SupervisorPage({ chosen }: { chosen: string | null }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const supervisor = useSession().data?.agent.roles.includes('Supervisor') ?? false;
  if (!supervisor) return <p className={shared.text}>{t('supervisor.only')}</p>;
  return (
    <>
      <h1 className={shared.heading}>{t('supervisor.title')}</h1>
      <Calls chosen={chosen} />
    </>
  );
}

function Calls({ chosen }: { chosen: string | null }) {
  const { t } = useTranslation();
  const interactions = useInteractions();
  if (interactions.data) return <Panes calls={interactions.data} chosen={chosen} />;
  if (interactions.isPending) return <Spinner label={t('supervisor.loading')} />;
  const problem = problemIn(interactions.error);
  return problem && <ProblemBar problem={problem} onRetry={() => void interactions.refetch()} />;
}

function Panes({ calls, chosen }: { calls: readonly Interaction[]; chosen: string | null }) {
  const styles = useStyles();
  const shared = useSharedStyles();
  const [filter, setFilter] = useState<CallFilter>(everyCall);
  const shown = filteredCalls(calls, filter);
  const { t } = useTranslation();
  const announce = useAnnounce();
  const list = useRef<HTMLDivElement>(null);
  const change = (wanted: CallFilter) => {
    setFilter(wanted);
    announce(t('supervisor.shown', { count: filteredCalls(calls, wanted).length }));
  };
  const before = useRef(chosen);
  useEffect(() => {
    // Whoever closes a call goes on where they were.
    if (before.current !== null && chosen === null) list.current?.querySelector<HTMLElement>('a[tabindex="0"]')?.focus();
    before.current = chosen;
  }, [chosen]);
  return (
    <div className={mergeClasses(styles.panes, chosen !== null && styles.both)}>
      <div ref={list} className={mergeClasses(shared.stack, chosen !== null && styles.behind)}>
        <Summary calls={calls} />
        <CallFilters calls={calls} filter={filter} onFilter={change} />
        {shown.length > 0 ? <CallList calls={shown} chosen={chosen} /> : <NoCalls filter={filter} onEvery={() => change(everyCall)} />}
      </div>
      {chosen !== null && <CallDetail key={chosen} id={chosen} listed={calls.find(({ id }) => id === chosen)} />}
    </div>
  );
}

function Summary({ calls }: { calls: readonly Interaction[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const waiting = calls.filter(({ customer }) => customer.waits).length;
  return (
    <p className={shared.text}>
      {t('supervisor.live', { count: countByPhase(calls).live })}
      {waiting > 0 && <span className={styles.warning}> · {t('supervisor.waiting', { count: waiting })}</span>}
    </p>
  );
}

/** Nothing to show: because nobody calls, or because of the filter, which can be undone. */
function NoCalls({ filter, onEvery }: { filter: CallFilter; onEvery: () => void }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const all = filter.phase === everyCall.phase && filter.words === '' && !filter.waiting;
  return (
    <section className={shared.card} role="status">
      <h2 className={shared.subheading}>{t(all ? 'supervisor.none' : 'supervisor.noMatch')}</h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t(all ? 'supervisor.noneText' : 'supervisor.noMatchText')}</p>
      {!all && (
        <div>
          <Button onClick={onEvery}>{t('supervisor.showAll')}</Button>
        </div>
      )}
    </section>
  );
}
