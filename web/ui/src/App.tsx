import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Desktop } from './call/Desktop';
import { ConnectionBanner } from './live/ConnectionBanner';
import { LiveProvider } from './live/LiveProvider';
import { Gate } from './session/Gate';
import { Header } from './session/Header';
import { Announcer } from './shared/Announcer';
import { part } from './shared/part';
import { useRoute } from './shared/route';

const AdminPage = part('admin', () => import('./admin/AdminPage'));

const useStyles = makeStyles({
  main: {
    width: 'min(1040px, 100%)',
    boxSizing: 'border-box',
    margin: '0 auto',
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalM}`,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
  },
  skip: {
    position: 'absolute',
    insetInlineStart: '-9999px',
    minHeight: '24px',
    // Fixed, because the browser has scrolled to where it was hidden before it is shown.
    ':focus': { position: 'fixed', insetInlineStart: tokens.spacingHorizontalM, top: tokens.spacingVerticalM, zIndex: 1, backgroundColor: tokens.colorNeutralBackground1, padding: tokens.spacingHorizontalM },
  },
});

/** The page: sign-in first, then the desktop or the administration under one header. */
export function App({ deepLink }: { deepLink: string | null }) {
  return (
    <Announcer>
      <Gate>
        <LiveProvider>
          <Pages deepLink={deepLink} />
        </LiveProvider>
      </Gate>
    </Announcer>
  );
}

function Pages({ deepLink }: { deepLink: string | null }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const route = useRoute();
  const focusCall = () => document.getElementById('call')?.focus();
  return (
    <>
      <button type="button" className={styles.skip} onClick={focusCall}>
        {t('app.skip')}
      </button>
      <Header page={route.page} />
      <main className={styles.main}>
        <ConnectionBanner />
        {route.page === 'admin' ? <AdminPage /> : <Desktop linked={route.interaction ?? deepLink} />}
      </main>
    </>
  );
}
