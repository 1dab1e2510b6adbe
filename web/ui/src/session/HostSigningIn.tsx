import { Spinner } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../shared/Announcer';
import { useSharedStyles } from '../shared/styles';
import { Centered } from './Centered';
import { HostWays } from './HostWays';

/** Teams mostly gives a token within a second; after this long whoever waits should know why it may not come. */
const patience = 8_000;

/** While Teams signs its person in, which may take until they have answered a window of Microsoft's. */
export function HostSigningIn() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const announce = useAnnounce();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLong(true);
      announce(t('host.signingInLong'));
    }, patience);
    return () => clearTimeout(timer);
  }, [announce, t]);
  return (
    <Centered>
      <Spinner label={t('host.signingIn')} />
      {long && <p className={shared.text}>{t('host.signingInLong')}</p>}
      {long && <HostWays />}
    </Centered>
  );
}
