import type { Action, Interaction } from '../api/types';
import type { en } from '../i18n/en';

export interface BarCommand {
  action: Action;
  /** Keys of the texts: the same action reads differently in different phases. */
  label: keyof typeof en.action;
  effect: keyof typeof en.effect;
}

const transfer: BarCommand = { action: 'transfer', label: 'transfer', effect: 'transfer' };
const conference: BarCommand = { action: 'conference', label: 'conference', effect: 'conference' };
const endConsult: BarCommand = { action: 'endConsult', label: 'endConsult', effect: 'endConsult' };
const leave: BarCommand = { action: 'leave', label: 'leave', effect: 'leave' };

/**
 * The commands that belong beside a live consult, in the order in which they
 * are shown. Whether each is allowed is the service's to say.
 */
export function barCommands({ phase, role }: Interaction): BarCommand[] {
  if (role === 'agent2') {
    if (phase === 'conferenced') return [leave];
    return phase === 'consult_requested' ? [] : [{ action: 'endConsult', label: 'leaveConsult', effect: 'leaveConsult' }];
  }
  if (role !== 'agent1') return [];
  switch (phase) {
    case 'consult_requested':
      return [{ action: 'endConsult', label: 'withdraw', effect: 'withdraw' }];
    case 'consulting':
      return [{ action: 'resume', label: 'resume', effect: 'resumeSwap' }, transfer, conference, endConsult];
    case 'swapped':
      return [{ action: 'resumeExpert', label: 'resumeExpert', effect: 'resumeExpert' }, transfer, conference, endConsult];
    case 'conferenced':
      return [leave];
    default:
      return [];
  }
}
