import { Button, Link, makeStyles, tokens } from '@fluentui/react-components';
import { SignOutRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/queries';
import { useServices } from '../shared/services';
import { LanguageSwitch } from './LanguageSwitch';
import { Shortcuts } from './Shortcuts';
import { signOut } from './signOut';
import { StateChooser } from './StateChooser';

const useStyles = makeStyles({
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  brand: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase400, color: tokens.colorBrandForeground1 },
  nav: { display: 'flex', gap: tokens.spacingHorizontalM },
  end: { marginInlineStart: 'auto', display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
});

/** Who is signed in, in which state, and the ways to the other pages. */
export function Header({ page }: { page: 'desktop' | 'admin' }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { inTeams } = useServices();
  const session = useSession().data;
  const admin = session?.agent.roles.includes('Admin') ?? false;
  return (
    <header className={styles.header}>
      <span className={styles.brand}>{t('app.name')}</span>
      {admin && (
        <nav className={styles.nav} aria-label={t('app.name')}>
          <Link href="#/" aria-current={page === 'desktop' ? 'page' : undefined}>
            {t('app.desktop')}
          </Link>
          <Link href="#/admin" aria-current={page === 'admin' ? 'page' : undefined}>
            {t('app.admin')}
          </Link>
        </nav>
      )}
      <div className={styles.end}>
        {session && <span className={styles.name}>{session.agent.name}</span>}
        {session && <StateChooser session={session} />}
        <LanguageSwitch />
        {session && <Shortcuts />}
        {session && !inTeams && (
          <Button appearance="subtle" icon={<SignOutRegular />} onClick={() => void signOut()}>
            {t('signIn.signOut')}
          </Button>
        )}
      </div>
    </header>
  );
}
