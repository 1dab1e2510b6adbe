import {
  Button,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Tab,
  TabList,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetKind } from '../api/types';
import { ExpertsTab } from '../experts/ExpertsTab';
import { Announcer } from '../shared/Announcer';
import { Dialog } from '../shared/Dialog';
import { small } from '../shared/styles';
import { DialTab } from './DialTab';
import { kinds, useConsultDraft, type Entering } from './draft';
import { TargetsTab } from './TargetsTab';

export const build = __BUILD__;

export interface TabProps {
  entering: Entering;
  /** Whether the tab's field takes the keyboard: on opening, not on the way through the tabs. */
  focus: boolean;
  /** Called once the service has taken the request. */
  onDone: () => void;
}

const useStyles = makeStyles({
  surface: {
    maxWidth: '720px',
    width: 'calc(100vw - 16px)',
    // Its upper edge stays where it is when all is there: nothing moves under the pointer while the list arrives.
    marginTop: 'max(3px, calc(50vh - 381px))',
    padding: tokens.spacingHorizontalXL,
    [small]: { padding: tokens.spacingHorizontalM },
  },
  body: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxHeight: 'calc(100vh - 48px)', overflowY: 'auto', [small]: { gap: tokens.spacingVerticalS } },
  head: { display: 'flex', justifyContent: 'space-between', alignItems: 'center' },
  title: { [small]: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 } },
  tabs: { flexWrap: 'wrap' },
  content: { overflow: 'visible', minHeight: 0, display: 'flex', flexDirection: 'column' },
  panel: { display: 'flex', flexDirection: 'column', minHeight: 0, flexGrow: 1, gap: tokens.spacingVerticalM },
});

/** The consult request: whom to consult, found by one of five ways. Opens on the experts of the organisation, or as it was left. */
export default function ConsultDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const entering = useConsultDraft();
  const { kind } = entering.draft;
  const [moved, setMoved] = useState(false);
  const id = useId();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface} aria-labelledby={`${id}-title`}>
        <Announcer>
          <DialogBody className={styles.body}>
            <div className={styles.head}>
              <DialogTitle id={`${id}-title`} className={styles.title} action={null}>
                {t('consult.title')}
              </DialogTitle>
              <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('app.close')} onClick={onClose} />
            </div>
            <TabList
              className={styles.tabs}
              size="small"
              selectedValue={kind}
              selectTabOnFocus
              onTabSelect={(_, { value }) => {
                entering.enter({ kind: value as TargetKind });
                setMoved(true);
              }}
              aria-label={t('consult.kinds')}
            >
              {kinds.map((one) => (
                <Tab key={one} value={one} id={`${id}-${one}`} aria-controls={one === kind ? `${id}-panel` : undefined}>
                  {t(`kind.${one}`)}
                </Tab>
              ))}
            </TabList>
            <DialogContent className={styles.content}>
              <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${kind}`} className={styles.panel}>
                <Panel key={kind} kind={kind} entering={entering} focus={!moved} onDone={onClose} />
              </div>
            </DialogContent>
          </DialogBody>
        </Announcer>
      </DialogSurface>
    </Dialog>
  );
}

function Panel({ kind, ...props }: TabProps & { kind: TargetKind }) {
  switch (kind) {
    case 'organization':
      return <ExpertsTab {...props} />;
    case 'dialNumber':
      return <DialTab {...props} />;
    default:
      return <TargetsTab kind={kind} {...props} />;
  }
}
