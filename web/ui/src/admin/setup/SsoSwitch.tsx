import { mergeClasses, Switch } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import type { AdminOrganization } from '../../api/types';
import { ProblemBar } from '../../shared/ProblemBar';
import { useSharedStyles } from '../../shared/styles';
import { useSsoSwitch } from '../organization';

/** Single sign-on of the organisation: on or off, and what keeps it from being on. */
export function SsoSwitch({ organization }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const change = useSsoSwitch();
  const problem = problemIn(change.error);
  // A permission stands there as "consent:User.Read.All".
  const missing = (problem?.problem.missing ?? organization.missing).map((what) => what.replace(/^consent:/, ''));
  return (
    <>
      <Switch
        checked={organization.enabled}
        aria-busy={change.isPending}
        label={t(organization.enabled ? 'admin.ssoOn' : 'admin.ssoOff')}
        onChange={(_, { checked }) => !change.isPending && change.mutate(checked)}
      />
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.ssoText')}</p>
      {missing.length > 0 && (
        <p className={shared.text}>{t(organization.enabled ? 'admin.missing' : 'admin.ssoMissing', { what: missing.join(', ') })}</p>
      )}
      <ProblemBar problem={problem} onDismiss={() => change.reset()} />
    </>
  );
}
