import { createRoot } from 'react-dom/client';
import { ApiClient } from './api/client';
import { ServerClock } from './api/clock';
import { chooseLanguage, startTexts } from './i18n';
import { Root } from './Root';
import './page.css';
import { callAddress } from './shared/route';
import { connectHost, framed, windowPath } from './teams/host';

// Not at the top level: chunks that are loaded later may wait for this file to
// be done with, and would wait for ever if it awaited them.
void start();

async function start(): Promise<void> {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root element');

  const host = framed() ? await connectHost(async () => (await import('./teams/sdk')).sdk) : null;
  const clock = new ServerClock();
  const api = new ApiClient(
    async () => (host ? host.authorize() : null),
    clock,
    ({ problem }) => host?.demand(problem.claims ?? problem.sso?.claims),
  );
  host?.pauses(
    () => undefined,
    ({ subPageId }) => {
      if (subPageId !== null) location.hash = callAddress(subPageId);
    },
  );
  const language = chooseLanguage([host?.context.locale, ...navigator.languages]);
  const texts = await startTexts(language).catch((error: unknown) => {
    // The one place that has to speak before there are texts.
    root.textContent = 'Die Seite konnte nicht geladen werden. Laden Sie sie neu. – The page could not be loaded. Reload it.';
    throw error;
  });

  if (location.pathname === windowPath) await (await import('./teams/window')).handOver(api);
  else {
    const services = { api, clock, inTeams: host !== null, ...(host && { signIn: host.signIn, openLink: host.openLink, pauses: host.pauses }) };
    createRoot(root).render(<Root services={services} host={host} silent={framed() && host === null} texts={texts} nonce={nonce} />);
  }
}
