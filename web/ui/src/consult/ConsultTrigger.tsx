import { PersonCallRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../call/commands';
import { useDraftOwner } from '../session/useDraftOwner';
import { CommandButton } from '../shared/CommandButton';
import { part } from '../shared/part';
import { consultDrafts } from './draft';

/** A file of its own: an agent sees the call first, and has it by the time they want it. */
export const ConsultDialog = part('consult', () => import('./ConsultDialog'));

/** The Consult button of a call and the dialog that it opens; one that a reload or an ended sign-in took away is open again. */
export function ConsultTrigger() {
  const { t } = useTranslation();
  const { interaction, blocked, running } = useCommands();
  const button = useRef<HTMLButtonElement>(null);
  const owner = useDraftOwner(interaction.id);
  const [open, setOpen] = useState(() => consultDrafts.read(owner) !== null);
  const close = () => {
    setOpen(false);
    consultDrafts.drop(interaction.id);
  };
  const why = blocked('consult');
  // Where neither a consult nor the sending of one is possible any more (the
  // customer has hung up, say), an open dialog has nothing left to offer. A
  // lost connection comes back: what was typed stays.
  const sending = running === 'consult' || running === 'coldTransfer';
  const possible = interaction.actions.consult.allowed || interaction.actions.coldTransfer.allowed || sending;
  const shown = open && possible;
  const wasShown = useRef(false);
  useEffect(() => {
    // However the dialog closed, the keyboard goes back to where it came from.
    if (wasShown.current && !shown) button.current?.focus();
    wasShown.current = shown;
  }, [shown]);
  return (
    <>
      <CommandButton
        label={t('action.consult')}
        effect={t('effect.consult')}
        icon={<PersonCallRegular />}
        primary={interaction.actions.consult.allowed}
        blocked={why}
        running={sending}
        onPress={() => setOpen(true)}
        opensDialog
        shortcut="consult"
        ref={button}
      />
      {shown && <ConsultDialog onClose={close} />}
    </>
  );
}
