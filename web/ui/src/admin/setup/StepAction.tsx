import { Link } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminAgent, AdminOrganization } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';
import { DirectoryProgress } from '../directory/DirectoryHealth';
import { addressOf } from '../sections';
import { ConsentLink } from './ConsentLink';
import { SsoSwitch } from './SsoSwitch';
import type { Step } from './steps';

interface Props {
  step: Step;
  organization: AdminOrganization;
  agents: readonly AdminAgent[];
  onLeave: () => void;
}

/** What can be done here about a step, or where it is done. */
export function StepAction({ step, organization, agents, onLeave }: Props) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  switch (step.name) {
    case 'consent':
      return (
        <>
          {step.result !== 'ok' && <ConsentLink onLeave={onLeave} />}
          <Link href={addressOf('permissions')}>{t('admin.setup.toPermissions')}</Link>
        </>
      );
    case 'directory':
      return (
        <>
          <DirectoryProgress directory={organization.directory} />
          <Link href={addressOf('directory')}>{t('admin.setup.toDirectory')}</Link>
        </>
      );
    case 'agents':
      return (
        <>
          <p className={shared.text}>{t('admin.setup.agents', { count: agents.length })}</p>
          <Link href={addressOf('agents')}>{t('admin.setup.toAgents')}</Link>
        </>
      );
    case 'switch':
      return <SsoSwitch organization={organization} />;
    case 'reach':
    case 'access':
      return null;
  }
}
