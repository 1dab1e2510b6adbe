import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Consult } from '../api/types';

/** Why the last consult did not come about; it stays until the next one. */
export function ConsultFailure({ consult }: { consult: Consult }) {
  const { t } = useTranslation();
  const name = consult.party?.name ?? consult.target.name ?? consult.target.number ?? '';
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('consultState.failed', { name })}</MessageBarTitle> {t(`failure.${consult.failure ?? 'failed'}`)}
        {consult.note && ` ${t('consult.declineNote', { note: consult.note })}`} {t('failure.next')}
      </MessageBarBody>
    </MessageBar>
  );
}
