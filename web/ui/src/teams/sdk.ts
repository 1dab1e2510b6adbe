// The only module that knows teams-js. It is a chunk of its own: outside Teams
// nobody loads it.
import { app, authentication } from '@microsoft/teams-js';
import type { TeamsContext, TeamsSdk } from './host';
import type { Ending } from './window';

/** The other end of `open`: gives the code to the tab, or says why there is none; Teams closes the window. */
export async function finish(ending: () => Promise<Ending>, started: (start: Promise<void>) => Promise<void>): Promise<void> {
  await started(app.initialize());
  const ended = await ending();
  if ('code' in ended) authentication.notifySuccess(ended.code);
  else authentication.notifyFailure(ended.refused);
}

async function context(): Promise<TeamsContext> {
  const { app: looks, page } = await app.getContext();
  return { locale: looks.locale ?? null, theme: looks.theme ?? 'default', subPageId: page.subPageId || null };
}

export const sdk: TeamsSdk = {
  async start(): Promise<TeamsContext> {
    await app.initialize();
    const now = await context();
    app.notifyAppLoaded();
    void app.notifySuccess();
    return now;
  },
  token: (claims) => authentication.getAuthToken(claims === undefined ? {} : { claims: [claims] }),
  open: (url) => authentication.authenticate({ url, width: 600, height: 640 }),
  goTo: (url) => app.openLink(url),
  onTheme(listener) {
    app.registerOnThemeChangeHandler(listener);
  },
  onPause(suspend, resume) {
    // Both together ask Teams to keep the page when its person goes elsewhere.
    app.lifecycle.registerBeforeSuspendOrTerminateHandler(async () => suspend());
    app.lifecycle.registerOnResumeHandler(() => {
      void context().then((now) => {
        resume(now);
        void app.notifySuccess();
      });
    });
  },
};
