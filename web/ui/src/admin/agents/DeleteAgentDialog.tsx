import { Button, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import { keys } from '../../api/queries';
import type { AdminAgent } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { Dialog } from '../../shared/Dialog';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { useFocusBack } from '../../shared/useFocusBack';
import { RowProblem } from './RowProblem';

/** Asks before an agent is deleted, and says what becomes of them; of the configuration's rows, where they are taken out. */
export function DeleteAgentDialog({ agent, onClose }: { agent: AdminAgent; onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  const shared = useSharedStyles();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const { id, name, source, version } = agent;
  const remove = useMutation({
    mutationFn: () => api.send('DELETE', `/admin/agents/${encodeURIComponent(id)}`, { headers: { 'If-Match': `"${version}"` } }),
    onSuccess: () => {
      announce(t('admin.agents.deleted', { name }));
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.agents }),
  });
  const problem = problemIn(remove.error);
  const busy = problem?.problem.errors?.some(({ location }) => location === 'path.id') ?? false;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t(source === 'file' ? 'admin.agents.cannotDelete' : 'admin.agents.deleteAsk', { name })}</DialogTitle>
          <DialogContent className={shared.stack}>
            <p className={shared.text}>{t(source === 'file' ? 'admin.agents.fromFile' : 'admin.agents.deleteText')}</p>
            <RowProblem problem={problem} />
            {busy && <p className={shared.text}>{t('admin.agents.busy')}</p>}
          </DialogContent>
          <DialogActions>
            <Button appearance={source === 'file' ? 'primary' : 'secondary'} onClick={onClose}>
              {t(source === 'file' ? 'app.close' : 'admin.agents.keep')}
            </Button>
            {source === 'admin' && (
              <Button appearance="primary" disabledFocusable={remove.isPending} aria-busy={remove.isPending} onClick={() => remove.mutate()}>
                {t('admin.agents.delete')}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
