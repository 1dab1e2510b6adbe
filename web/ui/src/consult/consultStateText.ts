import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { partnerName } from '../call/parties';

/** How the consult stands, with the name of whom it is with. */
export function useConsultStateText(): (interaction: Interaction) => string {
  const { t } = useTranslation();
  return (interaction) => {
    const { consult, role } = interaction;
    if (consult === null) return '';
    const name = partnerName(interaction);
    if (role === 'agent2' && consult.state === 'held') return t('sentence.agent2.swapped', { name });
    const waits = consult.state === 'requested' && consult.target.kind === 'queue' && consult.party === null;
    const asked = consult.state === 'ringing' && consult.asked;
    return t(`consultState.${waits ? 'waiting' : asked ? 'asked' : consult.state}`, { name });
  };
}
