import { Button, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../shared/Dialog';
import { useFocusBack } from '../../shared/useFocusBack';

/** A session, or several, that shall end. */
export interface Ending {
  /** What is deleted at the service. */
  path: string;
  /** Whose it is. */
  name: string;
  what: 'one' | 'current' | 'others';
}

/** Asks before somebody is signed out, and says what that means for them. */
export function EndSessionDialog({ ending, onLeave, onSure }: { ending: Ending; onLeave: () => void; onSure: (ending: Ending) => void }) {
  const { t } = useTranslation();
  useFocusBack();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && onLeave()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t(`admin.sessions.ask.${ending.what}`, { name: ending.name })}</DialogTitle>
          <DialogContent>{t(`admin.sessions.effect.${ending.what}`)}</DialogContent>
          <DialogActions>
            <Button onClick={onLeave}>{t('admin.sessions.leave')}</Button>
            <Button appearance="primary" onClick={() => onSure(ending)}>
              {t('admin.sessions.end')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
