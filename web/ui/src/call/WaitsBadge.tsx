import { Badge } from '@fluentui/react-components';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../shared/Announcer';

/** The customer has been on hold for longer than the contact centre wants; said once where it is announced. */
export function WaitsBadge({ announced = false }: { announced?: boolean }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  useEffect(() => {
    if (announced) announce(t('call.waits'));
  }, [announced, announce, t]);
  return (
    <Badge appearance="outline" color="warning">
      {t('call.waits')}
    </Badge>
  );
}
