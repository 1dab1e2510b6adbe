import { useTranslation } from 'react-i18next';
import { consultedName } from '../call/parties';
import type { Interaction } from '../api/types';

/** A call in one sentence for somebody who is not in it: who talks to whom, and who is on hold. */
export function useLiveSentence(): (call: Interaction) => string {
  const { t } = useTranslation();
  return (call) => {
    const { phase, consult, owner } = call;
    const agent = owner?.name ?? t('supervisor.nobody');
    const name = consultedName(call);
    switch (phase) {
      case 'consult_requested':
        if (consult?.target.kind === 'queue' && consult.party === null) return t('supervisor.sentence.waiting', { agent, name });
        return t(`supervisor.sentence.${consult?.then === 'transfer' ? 'coldTransfer' : 'consult_requested'}`, { agent, name });
      case 'consulting':
      case 'swapped':
      case 'conferenced':
        return t(`supervisor.sentence.${phase}`, { agent, name });
      case 'transferred':
        return owner ? t('supervisor.sentence.transferred', { agent }) : t('supervisor.sentence.transferredAway', { name });
      case 'active':
      case 'held':
        return t(`supervisor.sentence.${phase}`, { agent });
      case 'wrapup':
      case 'ended':
        return t(`supervisor.sentence.${phase}`);
    }
  };
}
