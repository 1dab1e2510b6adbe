import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useSharedStyles } from '../shared/styles';

/** The ways on where Teams does not answer: ask it again, or leave it for the same place in the browser. */
export function HostWays() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <div className={shared.row}>
      <Button appearance="primary" onClick={() => location.reload()}>
        {t('app.retry')}
      </Button>
      <Button as="a" href={location.href} target="_blank" rel="noopener noreferrer">
        {t('host.inBrowser')}
      </Button>
    </div>
  );
}
