import { createRoot } from 'react-dom/client';
import { ApiClient } from './api/client';
import { ServerClock } from './api/clock';
import { newAnswers, readAhead } from './api/queries';
import { chooseLanguage, speak, startTexts } from './i18n';
import { Root, type Stage } from './Root';
import './page.css';
import { callAddress } from './shared/route';
import { connectHost, framed, windowPath, type TeamsHost } from './teams/host';

// Not at the top level: chunks that are loaded later may wait for this file to
// be done with, and would wait for ever if it awaited them.
void start();

async function start(): Promise<void> {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root element');

  const clock = new ServerClock();
  const answers = newAnswers();
  const ownCookie = new ApiClient(async () => null, clock);
  const inWindow = location.pathname === windowPath;
  if (!framed() && !inWindow) void readAhead(answers, ownCookie);
  const meeting = framed() ? connectHost(async () => (await import('./teams/sdk')).sdk) : null;
  const texts = await startTexts(chooseLanguage(navigator.languages)).catch((error: unknown) => {
    // The one place that has to speak before there are texts.
    root.textContent = 'Die Seite konnte nicht geladen werden. Laden Sie sie neu. – The page could not be loaded. Reload it.';
    throw error;
  });
  const page = createRoot(root);
  const show = (stage: Stage, api: ApiClient, host: TeamsHost | null) => {
    const services = { api, clock, inTeams: host !== null, ...(host && { signIn: host.signIn, openLink: host.openLink, pauses: host.pauses }) };
    page.render(<Root services={services} host={host} stage={stage} answers={answers} texts={texts} nonce={nonce} />);
  };
  if (inWindow) {
    show('connecting', ownCookie, null);
    await (await import('./teams/window')).handOver(ownCookie);
    return;
  }
  if (meeting === null) {
    show('open', ownCookie, null);
    return;
  }
  show('connecting', ownCookie, null);
  let host = await meeting.inTime;
  if (host === null) {
    show('silent', ownCookie, null);
    host = await meeting.ever; // who answers late is welcome, too
    if (host === null) return;
  }
  const api = new ApiClient(() => host.authorize(), clock, ({ problem }) => host.demand(problem.claims ?? problem.sso?.claims));
  void readAhead(answers, api);
  await speak(texts, chooseLanguage([host.context.locale, ...navigator.languages]));
  host.pauses(
    () => undefined,
    ({ subPageId }) => {
      if (subPageId !== null) location.hash = callAddress(subPageId);
    },
  );
  show('open', api, host);
}
