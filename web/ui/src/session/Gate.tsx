import { Spinner } from '@fluentui/react-components';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useSession } from '../api/queries';
import { dropDrafts } from '../shared/drafts';
import { useServices } from '../shared/services';
import { Centered } from './Centered';
import { HostSigningIn } from './HostSigningIn';
import { Refused } from './Refused';
import { SignInPage } from './SignInPage';
import { agentKey } from './useDraftOwner';

/** Shows the page to who is signed in and set up, and to everybody else what is missing. */
export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { inTeams } = useServices();
  const session = useSession();
  const agent = session.data && agentKey(session.data.agent);
  useEffect(() => {
    if (agent !== undefined) dropDrafts(agent); // what somebody else left in this window is not theirs
  }, [agent]);
  const problem = problemIn(session.error);
  // A short failure of the service does not take away what is on screen.
  const fatal = problem !== null && (problem.status === 401 || problem.status === 403);
  if (session.data && !fatal) return children;
  if (problem?.slug === 'sign-in-required') return <SignInPage reason={problem.problem.reason} />;
  if (problem) return <Refused problem={problem} onRetry={() => void session.refetch()} />;
  if (inTeams) return <HostSigningIn />;
  return (
    <Centered>
      <Spinner label={t('app.loading')} />
    </Centered>
  );
}
