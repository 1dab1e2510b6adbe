import { Spinner } from '@fluentui/react-components';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { ProblemBar } from '../shared/ProblemBar';

interface Props<T> {
  query: UseQueryResult<T>;
  /** What is being read, in words. */
  loading?: string;
  children: (data: T) => ReactNode;
}

/** An answer of the service: being read, refused with the way to try again, or there. What is there stays while it is read anew. */
export function Loaded<T>({ query, loading, children }: Props<T>) {
  const { t } = useTranslation();
  const problem = problemIn(query.error);
  return (
    <>
      <ProblemBar problem={problem} onRetry={() => void query.refetch()} />
      {query.isPending && <Spinner label={loading ?? t('app.loading')} />}
      {query.data !== undefined && children(query.data)}
    </>
  );
}
