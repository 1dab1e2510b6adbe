import { mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization } from '../../api/types';
import { Fact, Facts } from '../../shared/Facts';
import { useSharedStyles } from '../../shared/styles';
import { Loaded } from '../Loaded';
import { useOrganization } from '../organization';
import { ConsentLink } from '../setup/ConsentLink';
import { useReturnCheck } from '../setup/useReturnCheck';
import { useDateTime } from '../useDateTime';
import { CredentialCard } from './CredentialCard';
import { PermissionList } from './PermissionList';

/** What the organisation has granted, and what the service signs itself in with. */
export function PermissionsPage() {
  return (
    <Loaded query={useOrganization()}>
      {(organization) => (
        <>
          <Consent organization={organization} />
          <CredentialCard credential={organization.credential} />
          <Application organization={organization} />
        </>
      )}
    </Loaded>
  );
}

function Consent({ organization: { consent } }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { leave } = useReturnCheck();
  return (
    <section className={shared.card} aria-labelledby="admin-consent">
      <h2 className={shared.subheading} id="admin-consent">
        {t('admin.consent')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.permissions.text')}</p>
      <PermissionList consent={consent} />
      <ConsentLink onLeave={leave} />
    </section>
  );
}

/** The application at Microsoft, and what Microsoft refused last. */
function Application({ organization }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const dateTime = useDateTime();
  const { servicePrincipal, lastError, checkedAt } = organization;
  const state = servicePrincipal === 'enabled' || servicePrincipal === 'disabled' || servicePrincipal === 'missing' ? servicePrincipal : 'unknown';
  return (
    <section className={shared.card} aria-labelledby="admin-application">
      <h2 className={shared.subheading} id="admin-application">
        {t('admin.principal')}
      </h2>
      <Facts>
        <Fact term={t('admin.status')}>{t(`admin.principalState.${state}`)}</Fact>
        <Fact term={t('admin.lastError')}>
          {lastError ? lastError.code : t('admin.noError')}
          {lastError?.requestId && ` · ${t('app.requestId', { id: lastError.requestId })}`}
        </Fact>
        <Fact term={t('admin.lastCheck')}>{checkedAt ? dateTime(checkedAt) : t('admin.never')}</Fact>
      </Facts>
    </section>
  );
}
