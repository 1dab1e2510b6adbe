// The only module that knows teams-js. It is a chunk of its own: outside Teams
// nobody loads it.
import { app, authentication } from '@microsoft/teams-js';
import type { TeamsContext, TeamsSdk } from './host';

/** The other end of `open`: gives the code to the tab, or says why there is none; Teams closes the window. */
export async function finish(code: () => Promise<string>, started: (start: Promise<void>) => Promise<void>): Promise<void> {
  await started(app.initialize());
  try {
    authentication.notifySuccess(await code());
  } catch {
    authentication.notifyFailure('CancelledByUser');
  }
}

export const sdk: TeamsSdk = {
  async start(): Promise<TeamsContext> {
    await app.initialize();
    const context = await app.getContext();
    app.notifyAppLoaded();
    app.notifySuccess();
    return {
      locale: context.app.locale ?? null,
      theme: context.app.theme ?? 'default',
      subPageId: context.page.subPageId ?? null,
    };
  },
  token: (claims) => authentication.getAuthToken(claims === undefined ? {} : { claims: [claims] }),
  open: (url) => authentication.authenticate({ url, width: 600, height: 640 }),
  onTheme(listener) {
    app.registerOnThemeChangeHandler(listener);
  },
};
