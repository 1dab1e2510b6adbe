import { useEffect } from 'react';
import type { Interaction } from '../api/types';
import { ConsultBar } from '../consult/ConsultBar';
import { ConsultFailure } from '../consult/ConsultFailure';
import { consultDrafts } from '../consult/draft';
import { Offer } from '../consult/Offer';
import { WrapUpForm } from '../wrapup/WrapUpForm';
import { CallHistory } from './CallHistory';
import { CallPanel } from './CallPanel';
import { CommandsProvider } from './commands';
import { CustomerGoneDialog } from './CustomerGoneDialog';

/** One interaction from the reader's side: an offer, the call with its consult, or the wrap-up in its place. */
export function InteractionView({ interaction }: { interaction: Interaction }) {
  return (
    <CommandsProvider interaction={interaction}>
      <Part interaction={interaction} />
      <CallHistory interaction={interaction} />
      <CustomerGoneDialog />
    </CommandsProvider>
  );
}

function Part({ interaction }: { interaction: Interaction }) {
  const { id, role, phase, wrapUp, customer } = interaction;
  const over = customer.state === 'left';
  useEffect(() => {
    if (over) consultDrafts.drop(id); // there is nobody left to ask for
  }, [over, id]);
  if (wrapUp) return <WrapUpForm wrapUp={wrapUp} />;
  if (role === 'agent2' && phase === 'consult_requested') return <Offer />;
  return (
    <>
      <CallPanel />
      <ConsultBar />
      <ConsultFailure />
    </>
  );
}
