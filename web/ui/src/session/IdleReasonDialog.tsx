import { Button, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../shared/Dialog';
import { useFocusOnOpen } from '../shared/useFocusOnOpen';

interface Props {
  onReason: (reason: string) => void;
  onClose: () => void;
}

/** Asks in the agent's own words why they take a break. */
export function IdleReasonDialog({ onReason, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const input = useFocusOnOpen<HTMLInputElement>(true);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onReason(reason.trim());
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={onSubmit}>
          <DialogBody>
            <DialogTitle>{t('idle.title')}</DialogTitle>
            <DialogContent>
              <Field label={t('idle.reason')} hint={t('idle.hint')}>
                <Input input={{ ref: input }} value={reason} maxLength={200} onChange={(_, { value }) => setReason(value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary">
                {t('idle.take')}
              </Button>
              <Button onClick={onClose}>{t('idle.leave')}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
