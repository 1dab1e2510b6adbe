// The only module that knows teams-js. It is a chunk of its own: outside Teams
// nobody loads it.
import { app, authentication } from '@microsoft/teams-js';
import type { TeamsContext, TeamsSdk } from './host';

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
  token: () => authentication.getAuthToken(),
  onTheme(listener) {
    app.registerOnThemeChangeHandler(listener);
  },
};
