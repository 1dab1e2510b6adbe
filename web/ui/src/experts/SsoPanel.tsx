import { Link, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/queries';
import type { Sso } from '../api/types';
import { hereAfter } from '../session/SignInPage';
import { TeamsSignIn } from '../session/TeamsSignIn';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';

/** Whether this state of single sign-on keeps an agent from reaching experts. */
export function refuses(sso: Sso | undefined): sso is Sso {
  return sso !== undefined && sso.state !== 'ready' && sso.state !== 'not-required';
}

/** What is missing for experts, who can change it, and the way there for whoever can. */
export function SsoPanel({ sso }: { sso: Sso }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { inTeams } = useServices();
  const session = useSession().data;
  const admin = session?.agent.roles.includes('Admin') ?? false;
  return (
    <MessageBar className={shared.whole} intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('sso.title')}</MessageBarTitle> {t(`sso.${sso.state}`)}{' '}
        {sso.actor === 'agent' && t('sso.byAgent')}
        {sso.actor === 'admin' && t(admin ? 'sso.byYou' : 'sso.byAdmin')}
        {sso.actor === null && t('sso.wait')} {t('sso.others')}{' '}
        {sso.actor === 'agent' && sso.action && inTeams && <TeamsSignIn action={sso.action} />}
        {sso.actor === 'agent' && sso.action && !inTeams && (
          <Link href={hereAfter(sso.action)} inline>
            {t('sso.signIn')}
          </Link>
        )}
        {sso.actor === 'admin' && admin && (
          <Link href="#/admin" inline>
            {t('sso.open')}
          </Link>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
