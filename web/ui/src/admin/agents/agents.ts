import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../api/client';
import { keys } from '../../api/queries';
import type { AdminAgent } from '../../api/types';

/** The agent table of the organisation, by name. */
export function agentsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: keys.agents,
    queryFn: async ({ signal }) => (await api.get<{ agents: AdminAgent[] }>('/admin/agents', signal)).agents,
  });
}

/** Whether every word of the filter is somewhere in what the row says. */
export function matches(agent: AdminAgent, filter: string): boolean {
  const text = [agent.name, agent.id, agent.number, agent.team, ...agent.queues, ...agent.roles].join(' ').toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
