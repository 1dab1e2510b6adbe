import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useSharedStyles } from '../shared/styles';
import { Centered } from './Centered';

/** In a frame in which nobody answers as Teams does: says so, and leads to the same place in the browser. */
export function HostSilent() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <Centered>
      <h1 className={shared.heading}>{t('host.silentTitle')}</h1>
      <p className={shared.text}>{t('host.silentText')}</p>
      <div className={shared.row}>
        <Button appearance="primary" onClick={() => location.reload()}>
          {t('app.retry')}
        </Button>
        <Button as="a" href={location.href} target="_blank" rel="noopener noreferrer">
          {t('host.inBrowser')}
        </Button>
      </div>
    </Centered>
  );
}
