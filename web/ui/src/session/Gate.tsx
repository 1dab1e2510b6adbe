import { Spinner } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import { useSession } from '../api/queries';
import { Centered } from './Centered';
import { Refused } from './Refused';
import { SignInPage } from './SignInPage';

/** Shows the page to who is signed in and set up, and to everybody else what is missing. */
export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const problem = session.error instanceof ApiProblem ? session.error : null;
  // A short failure of the service does not take away what is on screen.
  const fatal = problem !== null && (problem.status === 401 || problem.status === 403);
  if (session.data && !fatal) return children;
  if (problem?.slug === 'sign-in-required') return <SignInPage reason={problem.problem.reason} />;
  if (problem) return <Refused problem={problem} onRetry={() => void session.refetch()} />;
  return (
    <Centered>
      <Spinner label={t('app.loading')} />
    </Centered>
  );
}
