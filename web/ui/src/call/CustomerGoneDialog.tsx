import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../shared/Dialog';
import { useCommands } from './commands';

/**
 * Says that the customer has hung up, the one thing worth interrupting an
 * agent for. Only seen by who was in the call when it happened: not after a
 * reload, and not after ending the call oneself.
 */
export function CustomerGoneDialog() {
  const { t } = useTranslation();
  const { interaction, endedHere } = useCommands();
  const gone = interaction.customer.state === 'left';
  const wasThere = useRef(!gone);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (gone && wasThere.current && interaction.role === 'agent1' && !endedHere()) setOpen(true);
    wasThere.current = !gone;
  }, [gone, interaction.role, endedHere]);
  if (!open) return null;
  const close = () => {
    setOpen(false);
    document.getElementById('call')?.focus();
  };
  return (
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('call.lostTitle')}</DialogTitle>
          <DialogContent>{t(interaction.wrapUp ? 'call.lostWrapUp' : 'call.lostText')}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={close}>
              {t('call.lostOk')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
