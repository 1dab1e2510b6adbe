import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from './api/queries';
import { Desktop } from './call/Desktop';
import { ConnectionBanner } from './live/ConnectionBanner';
import { LiveProvider } from './live/LiveProvider';
import { Gate } from './session/Gate';
import { Header } from './session/Header';
import { Announcer } from './shared/Announcer';
import { part } from './shared/part';
import { useRoute } from './shared/route';
import { useKeptFocus } from './shared/useKeptFocus';

const AdminPage = part('admin', () => import('./admin/AdminPage'));
const SupervisorPage = part('supervisor', () => import('./supervisor/SupervisorPage'));

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
  // The skip link's goal, which nobody sees as a control.
  content: { ':focus': { outlineStyle: 'none' } },
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
  useFirstPage(deepLink);
  const main = useRef<HTMLElement>(null);
  useKeptFocus(main, toContent);
  return (
    <>
      <button type="button" className={styles.skip} onClick={toContent}>
        {t(route.page === 'desktop' ? 'app.skip' : 'app.skipToContent')}
      </button>
      <Header page={route.page} />
      <main ref={main} className={mergeClasses(styles.main, styles.content)} id="main" tabIndex={-1}>
        <ConnectionBanner />
        {route.page === 'admin' && <AdminPage section={route.section} rest={route.rest} />}
        {route.page === 'supervisor' && <SupervisorPage chosen={route.interaction} />}
        {route.page === 'desktop' && <Desktop linked={route.interaction ?? deepLink} />}
      </main>
    </>
  );
}

/** Takes the keyboard to the call, where there is one, else to the content as a whole, which is too large to be scrolled to. */
function toContent(): void {
  const call = document.getElementById('call');
  if (call) call.focus();
  else document.getElementById('main')?.focus({ preventScroll: true });
}

/** Who supervises and takes no calls begins with the calls of the others. */
function useFirstPage(deepLink: string | null): void {
  const roles = useSession().data?.agent.roles;
  useEffect(() => {
    if (location.hash !== '' || deepLink !== null || !roles) return;
    if (roles.includes('Supervisor') && !roles.includes('Agent')) location.replace('#/supervisor');
  }, [deepLink, roles]);
}
