import { MessageBar, MessageBarActions, MessageBarBody, Button, Spinner } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useInteractions } from '../api/queries';
import type { InteractionGone } from '../api/types';
import { ConsultDialog } from '../consult/ConsultTrigger';
import { useLive } from '../live/LiveProvider';
import { usePreload } from '../shared/part';
import { ProblemBar } from '../shared/ProblemBar';
import { ReadOut } from '../shared/ReadOut';
import { CallNews } from './CallNews';
import { InteractionList } from './InteractionList';
import { InteractionView } from './InteractionView';
import { NoCall } from './NoCall';
import { openInteractions } from './parties';

/** The agent's calls; `linked` is the one that a link names, if any. */
export function Desktop({ linked }: { linked: string | null }) {
  const { t } = useTranslation();
  const interactions = useInteractions();
  usePreload(interactions.isSuccess, ConsultDialog);
  if (interactions.isPending) return <Spinner label={t('app.loading')} />;
  const problem = problemIn(interactions.error);
  if (!interactions.data) return problem && <ProblemBar problem={problem} onRetry={() => void interactions.refetch()} />;
  // A supervisor's list has everybody's calls; here are their own, and the one that a link names.
  const open = openInteractions(interactions.data.filter((one) => one.role !== 'supervisor' || one.id === linked));
  const current = open.find((one) => one.id === linked) ?? open[0];
  return (
    <>
      {linked !== null && <LinkNotice key={`link ${linked}`} shown={current?.id === linked} known={interactions.data.some(({ id }) => id === linked)} />}
      <CallNews interaction={current} />
      <GoneNotice />
      {open.length > 1 && <InteractionList interactions={open} current={current?.id} />}
      {current ? <InteractionView key={current.id} interaction={current} /> : <NoCall />}
    </>
  );
}

/** Why a link did not lead to its call. One that was on screen and has ended since needs no such words. */
function LinkNotice({ shown, known }: { shown: boolean; known: boolean }) {
  const { t } = useTranslation();
  const [wasShown, setWasShown] = useState(shown);
  if (shown && !wasShown) setWasShown(true);
  if (shown || wasShown) return null;
  return (
    <MessageBar intent="info">
      <MessageBarBody>{t(known ? 'call.overLink' : 'call.unknownLink')}</MessageBarBody>
    </MessageBar>
  );
}

/** Why an offer went away that was on screen a moment ago. */
function GoneNotice() {
  const { t } = useTranslation();
  const { onGone } = useLive();
  const [gone, setGone] = useState<InteractionGone | null>(null);
  useEffect(() => onGone(setGone), [onGone]);
  return (
    <ReadOut>
      {gone && (
        <MessageBar key={gone.id} intent="info">
          <MessageBarBody>{t(`consult.gone.${gone.reason}`)}</MessageBarBody>
          <MessageBarActions
            containerAction={
              <Button appearance="transparent" icon={<DismissRegular />} aria-label={t('app.close')} onClick={() => setGone(null)} />
            }
          />
        </MessageBar>
      )}
    </ReadOut>
  );
}
