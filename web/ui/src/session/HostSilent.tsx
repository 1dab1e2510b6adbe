import { useTranslation } from 'react-i18next';
import { useSharedStyles } from '../shared/styles';
import { Centered } from './Centered';
import { HostWays } from './HostWays';

/** In a frame in which nobody answers as Teams does: says so, and leads to the same place in the browser. */
export function HostSilent() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <Centered>
      <h1 className={shared.heading}>{t('host.silentTitle')}</h1>
      <p className={shared.text}>{t('host.silentText')}</p>
      <HostWays />
    </Centered>
  );
}
