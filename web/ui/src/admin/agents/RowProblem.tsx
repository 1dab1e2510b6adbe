import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../api/problem';
import { ProblemBar } from '../../shared/ProblemBar';

/** Why a row was not kept or deleted. `fresh`: it would have been a new one. */
export function RowProblem({ problem, fresh = false }: { problem: ApiProblem; fresh?: boolean }) {
  const { t } = useTranslation();
  if (problem.slug !== 'version-conflict') return <ProblemBar problem={problem} />;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{t(fresh ? 'admin.agents.exists' : 'admin.agents.overtaken')}</MessageBarBody>
    </MessageBar>
  );
}
