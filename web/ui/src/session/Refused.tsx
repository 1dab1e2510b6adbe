import { Button, mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import { useServices } from '../shared/services';
import { useProblemText, useTeamsReason } from '../shared/problemText';
import { useSharedStyles } from '../shared/styles';
import { Centered } from './Centered';
import { signOut } from './signOut';
import { TeamsSignIn } from './TeamsSignIn';

/** Signed in perhaps, but not let in: why, and whom to ask. */
export function Refused({ problem, onRetry }: { problem: ApiProblem; onRetry: () => void }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { inTeams } = useServices();
  const problemText = useProblemText();
  const teamsReason = useTeamsReason();
  const unknown = problem.slug === 'agent-unknown';
  const contact = unknown ? problem.problem.reason : undefined; // whom to ask, from the operator's configuration
  const id = problem.problem.instance;
  return (
    <Centered>
      <h1 className={shared.heading}>{title()}</h1>
      <p className={shared.text}>{text()}</p>
      {contact && <p className={shared.text}>{t('signIn.contact', { contact })}</p>}
      {id && <p className={mergeClasses(shared.text, shared.muted)}>{t('app.requestId', { id })}</p>}
      <div className={shared.row}>
        <Button appearance="primary" onClick={onRetry}>
          {t('app.retry')}
        </Button>
        {problem.slug === 'teams-sign-in' && <TeamsSignIn action="/auth/login?provider=entra" />}
        {problem.status === 403 && !inTeams && <Button onClick={() => void signOut()}>{t('signIn.other')}</Button>}
      </div>
    </Centered>
  );

  function text() {
    if (unknown) return t('signIn.unknownText');
    if (problem.slug === 'teams-sign-in') return teamsReason(problem);
    return problemText(problem);
  }

  function title() {
    if (unknown) return t('signIn.unknownTitle');
    if (problem.slug === 'teams-sign-in') return t('signIn.teamsTitle');
    return t(problem.status === 403 ? 'signIn.refusedTitle' : 'signIn.failedTitle');
  }
}
