import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { partnerName } from './parties';

/** The state of the call in one sentence, from where the reader stands: who talks to whom and who is on hold. */
export function useCallSentence(): (interaction: Interaction) => string {
  const { t } = useTranslation();
  return (interaction) => {
    const { phase, consult, owner, role } = interaction;
    const name = partnerName(interaction);
    const cold = phase === 'consult_requested' && consult?.then === 'transfer';
    switch (role) {
      case 'agent1': {
        const waits = phase === 'consult_requested' && consult?.target.kind === 'queue' && consult.party === null;
        if (waits) return t('sentence.agent1.waiting', { name });
        return t(`sentence.agent1.${cold ? 'coldTransfer' : phase}`, { name });
      }
      case 'agent2':
        switch (phase) {
          case 'consult_requested':
          case 'consulting':
          case 'swapped':
          case 'conferenced':
            return t(`sentence.agent2.${cold ? 'coldTransfer' : phase}`, { name });
          default:
            return t('sentence.agent2.other');
        }
      case 'former': {
        const successor = owner?.name ?? name;
        return successor ? t('sentence.former.over', { name: successor }) : t('sentence.former.overUnknown');
      }
      case 'supervisor':
        return owner ? t('sentence.supervisor.other', { name: owner.name }) : t('sentence.supervisor.nobody');
    }
  };
}
