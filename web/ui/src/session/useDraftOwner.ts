import { useSession } from '../api/queries';
import type { DraftOwner } from '../shared/drafts';

/** Whoever is signed in, as the owner of what they enter about this interaction. */
export function useDraftOwner(interaction: string): DraftOwner {
  const agent = useSession().data?.agent;
  return { agent: agentKey(agent), interaction };
}

/** Ids of agents are their organisation's. */
export function agentKey(agent: { tenant: string; id: string } | undefined): string {
  return agent ? `${agent.tenant}/${agent.id}` : '';
}
