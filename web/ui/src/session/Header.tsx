import { Button, Link, makeStyles, tokens } from '@fluentui/react-components';
import { SignOutRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/queries';
import type { Role } from '../api/types';
import type { Route } from '../shared/route';
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
  nav: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  /** As high as a finger needs (WCAG 2.5.8). */
  link: { display: 'inline-flex', alignItems: 'center', minHeight: '24px' },
  end: { marginInlineStart: 'auto', display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
});

/** Who is signed in, in which state, and the ways to the other pages. */
export function Header({ page }: { page: Route['page'] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { inTeams } = useServices();
  const session = useSession().data;
  const pages = session ? pagesOf(session.agent.roles) : [];
  return (
    <header className={styles.header}>
      <span className={styles.brand}>{t('app.name')}</span>
      {pages.length > 1 && (
        <nav className={styles.nav} aria-label={t('app.name')}>
          {pages.map((other) => (
            <Link key={other} className={styles.link} href={addresses[other]} aria-current={page === other ? 'page' : undefined}>
              {t(`app.${other}`)}
            </Link>
          ))}
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

const addresses: Record<Route['page'], string> = { desktop: '#/', supervisor: '#/supervisor', admin: '#/admin' };

/** The pages that somebody with these roles may see. */
function pagesOf(roles: readonly Role[]): Route['page'][] {
  return [
    'desktop',
    ...(roles.includes('Supervisor') ? (['supervisor'] as const) : []),
    ...(roles.includes('Admin') ? (['admin'] as const) : []),
  ];
}
