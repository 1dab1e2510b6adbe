import { mergeClasses, Spinner } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useSharedStyles } from '../shared/styles';
import { startLimit } from '../teams/host';
import { Centered } from './Centered';

/** While Teams has not answered yet: what is being waited for, and for how long at most. HostSilent follows, or the desktop. */
export function HostConnecting() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <Centered>
      <Spinner label={t('host.connecting')} />
      <p className={mergeClasses(shared.text, shared.muted)}>{t('host.connectingText', { seconds: startLimit / 1000 })}</p>
    </Centered>
  );
}
