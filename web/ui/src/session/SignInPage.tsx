import { Button, makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { useSignInProviders } from '../api/queries';
import { ProblemBar } from '../shared/ProblemBar';
import { useTexts } from '../i18n';
import { isKey } from '../shared/problemText';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';
import { TeamsSignIn } from './TeamsSignIn';
import { Centered } from './Centered';

const useStyles = makeStyles({
  brand: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorBrandForeground1 },
  providers: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

/** One button for each way to sign in; the service leads through the rest and back to where one was. */
export function SignInPage({ reason }: { reason: string | undefined }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { inTeams } = useServices();
  const signIn = useSignInProviders();
  const problem = problemIn(signIn.error);
  const providers = signIn.data?.providers;
  return (
    <Centered>
      <div>
        <div className={styles.brand}>{t('app.name')}</div>
        <h1 className={shared.heading}>{t('signIn.title')}</h1>
        <p className={mergeClasses(shared.text, shared.muted)}>{t('signIn.intro')}</p>
        {isKey(texts.ended, reason) && <p className={shared.text}>{t(`ended.${reason}`)}</p>}
      </div>
      <div className={styles.providers}>
        {signIn.isPending && <Spinner label={t('app.loading')} />}
        <ProblemBar problem={problem} onRetry={() => void signIn.refetch()} />
        {providers?.length === 0 && <p className={shared.text}>{t('signIn.none')}</p>}
        {inTeams && <TeamsSignIn action="/auth/login?provider=entra" />}
        {!inTeams && providers?.map(({ id, name }, position) => (
          <Button key={id} as="a" size="large" appearance={position === 0 ? 'primary' : 'secondary'} href={loginAddress(id)}>
            {t('signIn.with', { name })}
          </Button>
        ))}
      </div>
    </Centered>
  );
}

function loginAddress(provider: string): string {
  return hereAfter(`/auth/login?${new URLSearchParams({ provider })}`);
}

/** Where signing in begins, brought back to this very place afterwards. */
export function hereAfter(login: string): string {
  return `${login}&${new URLSearchParams({ return: location.pathname + location.search + location.hash })}`;
}
