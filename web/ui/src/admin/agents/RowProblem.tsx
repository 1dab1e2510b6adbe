import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../api/problem';
import { ProblemBar } from '../../shared/ProblemBar';
import { ReadOut } from '../../shared/ReadOut';

/** Why a row was not kept or deleted; nothing without a problem. `fresh`: it would have been a new one. */
export function RowProblem({ problem, fresh = false }: { problem: ApiProblem | null; fresh?: boolean }) {
  const { t } = useTranslation();
  const overtaken = problem?.slug === 'version-conflict';
  return (
    <>
      <ProblemBar problem={overtaken ? null : problem} />
      <ReadOut>
        {overtaken && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t(fresh ? 'admin.agents.exists' : 'admin.agents.overtaken')}</MessageBarBody>
          </MessageBar>
        )}
      </ReadOut>
    </>
  );
}
