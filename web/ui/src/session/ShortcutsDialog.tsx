import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  mergeClasses,
  Switch,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../shared/Dialog';
import { helpKey, shortcuts, type Shortcut } from '../shared/shortcuts';
import { small, useSharedStyles } from '../shared/styles';

const inDialog = ['tab', 'arrows', 'enter', 'escape'] as const;

const useStyles = makeStyles({
  surface: { maxWidth: '560px', width: 'calc(100vw - 16px)', [small]: { padding: tokens.spacingHorizontalM } },
  table: { borderCollapse: 'collapse', width: '100%', margin: `${tokens.spacingVerticalS} 0` },
  key: { textAlign: 'start', fontWeight: tokens.fontWeightRegular, padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXXS} 0`, whiteSpace: 'nowrap', verticalAlign: 'baseline' },
  cap: {
    display: 'inline-block',
    minWidth: '28px',
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalSNudge}`,
    textAlign: 'center',
    fontFamily: tokens.fontFamilyBase,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowY: 'auto' },
});

/** Every shortcut with where it leads, the keys that work inside lists, and the switch that ends the single letters. */
export function ShortcutsDialog({ on, onChange, onClose }: { on: boolean; onChange: (on: boolean) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('shortcuts.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <Switch checked={on} label={t('shortcuts.switch')} onChange={(_, { checked }) => onChange(checked)} />
            <p className={mergeClasses(shared.text, shared.muted)}>{t('shortcuts.text')}</p>
            <table className={styles.table} aria-label={t('shortcuts.title')}>
              <tbody>
                <Keys keys={helpKey} what={t('shortcuts.to.help')} />
                {(Object.keys(shortcuts) as Shortcut[]).map((one) => (
                  <Keys key={one} keys={shortcuts[one].toUpperCase()} what={t(`shortcuts.to.${one}`)} />
                ))}
              </tbody>
            </table>
            <h3 className={shared.subheading}>{t('shortcuts.always')}</h3>
            <table className={styles.table} aria-label={t('shortcuts.always')}>
              <tbody>
                {inDialog.map((one) => (
                  <Keys key={one} keys={t(`shortcuts.key.${one}`)} what={t(`shortcuts.does.${one}`)} />
                ))}
              </tbody>
            </table>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t('app.close')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Keys({ keys, what }: { keys: string; what: string }) {
  const styles = useStyles();
  return (
    <tr>
      <th scope="row" className={styles.key}>
        <kbd className={styles.cap}>{keys}</kbd>
      </th>
      <td>{what}</td>
    </tr>
  );
}
