import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Consult } from '../api/types';
import { useCommands } from '../call/commands';
import { consultedName } from '../call/parties';
import { ReadOut } from '../shared/ReadOut';

/** Why the last consult did not come about, for whoever asked; it stays until the next one. */
export function ConsultFailure() {
  const { interaction } = useCommands();
  const { consult, customer, role } = interaction;
  const failed = role === 'agent1' && customer.state !== 'left' && consult?.state === 'failed' ? consult : null;
  return <ReadOut>{failed && <Failure consult={failed} name={consultedName(interaction)} />}</ReadOut>;
}

function Failure({ consult, name }: { consult: Consult; name: string }) {
  const { t } = useTranslation();
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('consultState.failed', { name })}</MessageBarTitle> {t(`failure.${consult.failure ?? 'failed'}`)}
        {consult.note && ` ${t('consult.declineNote', { note: consult.note })}`} {t('failure.next')}
      </MessageBarBody>
    </MessageBar>
  );
}
