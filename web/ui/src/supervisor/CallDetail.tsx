import { Badge, Link, makeStyles, mergeClasses, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { HistoryList } from '../call/CallHistory';
import { PartiesView } from '../call/PartiesView';
import { Timer } from '../call/Timer';
import { WaitsBadge } from '../call/WaitsBadge';
import { keys } from '../api/queries';
import type { Interaction } from '../api/types';
import { Fact, Facts } from '../shared/Facts';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';
import { isLive } from './calls';
import { useLiveSentence } from './sentence';

const useStyles = makeStyles({
  back: { display: 'inline-flex', alignItems: 'center', minHeight: '24px' },
  name: { margin: 0, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, overflowWrap: 'anywhere', ':focus': { outlineStyle: 'none' } },
});

/** One call of the organisation, to read: what is going on, since when, and what has happened so far. */
export function CallDetail({ id, listed }: { id: string; listed: Interaction | undefined }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  const { api } = useServices();
  // The list has all live calls, and of those over the latest.
  const older = useQuery({
    queryKey: [...keys.interactions, id],
    queryFn: ({ signal }) => api.get<Interaction>(`/interactions/${encodeURIComponent(id)}`, signal),
    enabled: !listed,
  });
  const call = listed ?? older.data;
  useEffect(() => heading.current?.focus(), [id]);
  return (
    <section className={shared.card} aria-labelledby="supervisor-call">
      <div>
        <Link href="#/supervisor" className={styles.back}>{t('supervisor.back')}</Link>
      </div>
      <h2 className={styles.name} id="supervisor-call" ref={heading} tabIndex={-1}>
        {call ? (call.customer.name ?? call.customer.number ?? t('call.anonymous')) : t(older.isPending ? 'app.loading' : 'supervisor.unknown')}
      </h2>
      {call && <Detail call={call} />}
      {!call && !older.isPending && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t('supervisor.unknownText')}</MessageBarBody>
        </MessageBar>
      )}
    </section>
  );
}

function Detail({ call }: { call: Interaction }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const sentence = useLiveSentence();
  const { customer, consult, owner, pending, phase } = call;
  return (
    <>
      <div className={shared.row}>
        <Badge size="large" appearance="tint" color={phase === 'held' ? 'warning' : 'brand'}>
          {t(`phase.${phase}`)}
        </Badge>
        {customer.waits && <WaitsBadge />}
      </div>
      <p className={shared.text} data-testid="sentence">
        {sentence(call)}
      </p>
      <PartiesView interaction={call} />
      <Facts>
        {customer.name && customer.number && <Fact term={t('call.customer')}>{customer.number}</Fact>}
        <Fact term={t('supervisor.owner')}>{owner?.name ?? t('supervisor.nobody')}</Fact>
        {isLive(call) && (
          <Fact term={t('call.duration')}>
            <Timer since={call.startedAt} />
          </Fact>
        )}
        {customer.state === 'held' && (
          <Fact term={t('supervisor.onHold')}>
            <Timer since={customer.since} />
          </Fact>
        )}
        {consult?.failure && <Fact term={t('supervisor.lastConsult')}>{t(`failure.${consult.failure}`)}</Fact>}
        {pending && <Fact term={t('supervisor.pending')}>{t(`action.${pending.action}`)}</Fact>}
      </Facts>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('call.readOnly')}</p>
      <h3 className={shared.subheading}>{t('history.title')}</h3>
      <HistoryList interaction={call} />
    </>
  );
}
