import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import { keys } from '../../api/queries';
import type { AdminAgent } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { useServices } from '../../shared/services';
import { bodyOf, type Draft } from './draft';

/**
 * Saves a row as long as nobody else has changed it meanwhile; a new one as long
 * as there is none with its id. `agent` is the row as it was opened.
 */
export function useSaveAgent(agent: AdminAgent | null, onSaved: () => void) {
  const { t } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const save = useMutation({
    mutationFn: (draft: Draft) =>
      api.send<AdminAgent>('PUT', `/admin/agents/${encodeURIComponent(agent?.id ?? draft.id.trim())}`, {
        body: bodyOf(draft),
        headers: agent ? { 'If-Match': `"${agent.version}"` } : { 'If-None-Match': '*' },
      }),
    onSuccess: ({ name }) => {
      announce(t('admin.agents.saved', { name }));
      onSaved();
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.agents }),
  });
  return {
    run: (draft: Draft) => save.mutate(draft),
    running: save.isPending,
    problem: problemIn(save.error),
  };
}
