import { Button, mergeClasses, Spinner, Switch } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import { keys, useSession } from '../api/queries';
import type { AdminOrganization } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { ProblemBar } from '../shared/ProblemBar';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';
import { AgentsCard } from './AgentsCard';
import { ChecksCard } from './ChecksCard';
import { ConsentLink } from './ConsentLink';
import { ConsentTable } from './ConsentTable';
import { Health } from './Health';
import { MissingCard } from './MissingCard';

export const build = __BUILD__;

/** What an organisation's administrator sees and can change: whether experts can be reached, and if not, why. */
export default function AdminPage({ section }: { section: string | null; rest: readonly string[] }) {
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const session = useSession().data;
  const admin = session?.agent.roles.includes('Admin') ?? false;
  const organization = useQuery({
    queryKey: keys.organization,
    queryFn: ({ signal }) => api.send<AdminOrganization>('GET', '/admin/organization', { signal, headers: { 'Accept-Language': i18n.language } }),
    enabled: admin,
    refetchInterval: 10_000,
  });
  if (!admin) return <p className={shared.text}>{t('admin.only')}</p>;
  const problem = organization.error instanceof ApiProblem ? organization.error : null;
  return (
    <>
      <h1 className={shared.heading}>{t('admin.title')}</h1>
      {problem && <ProblemBar problem={problem} onRetry={() => void organization.refetch()} />}
      {organization.isPending && <Spinner label={t('app.loading')} />}
      {organization.data && <Organization organization={organization.data} />}
    </>
  );
}

function Organization({ organization }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.organization', { tenant: organization.tenant })}</p>
      <SsoSwitch organization={organization} />
      <section className={shared.card} aria-labelledby="admin-consent">
        <h2 className={shared.subheading} id="admin-consent">
          {t('admin.consent')}
        </h2>
        <ConsentTable consent={organization.consent} />
        <ConsentLink />
      </section>
      {organization.checks && <ChecksCard checks={organization.checks} />}
      <Health organization={organization} />
      <MissingCard />
      <AgentsCard />
    </>
  );
}

function SsoSwitch({ organization }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const after = () => {
    void client.invalidateQueries({ queryKey: keys.organization });
    void client.invalidateQueries({ queryKey: keys.session });
  };
  const change = useMutation({
    mutationFn: (enabled: boolean) => api.send('PUT', '/admin/organization/sso', { body: { enabled } }),
    onSettled: after,
  });
  const check = useMutation({
    mutationFn: () => api.send('POST', '/admin/organization/check'),
    onSuccess: () => announce(t('admin.checked')),
    onSettled: after,
  });
  const problem = change.error ?? check.error;
  const missing = problem instanceof ApiProblem && problem.problem.missing ? problem.problem.missing : organization.missing;
  return (
    <section className={shared.card} aria-labelledby="admin-sso">
      <h2 className={shared.subheading} id="admin-sso">
        {t('admin.sso')}
      </h2>
      <Switch
        checked={organization.enabled}
        disabled={change.isPending}
        label={t(organization.enabled ? 'admin.ssoOn' : 'admin.ssoOff')}
        onChange={(_, { checked }) => change.mutate(checked)}
      />
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.ssoText')}</p>
      {missing.length > 0 && (
        <p className={shared.text}>{t(organization.enabled ? 'admin.missing' : 'admin.ssoMissing', { what: missing.join(', ') })}</p>
      )}
      <p className={shared.text}>
        {t('admin.forYou')}: {t(`sso.${organization.sso.state}`)}
      </p>
      {problem instanceof ApiProblem && <ProblemBar problem={problem} onDismiss={() => { change.reset(); check.reset(); }} />}
      <div className={shared.row}>
        <Button onClick={() => check.mutate()} disabledFocusable={check.isPending} aria-busy={check.isPending}>
          {check.isPending ? t('admin.checking') : t('admin.check')}
        </Button>
        <span className={shared.muted}>
          {t('admin.checkedAt', { time: organization.checkedAt ? new Date(organization.checkedAt).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'medium' }) : t('admin.never') })}
        </span>
      </div>
    </section>
  );
}
