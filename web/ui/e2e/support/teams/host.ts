import type { Page } from '@playwright/test';
import type { Demo, User } from '../demo';
import { ear } from './frame';
import { runtime, wrongWith, type Request, type Speaker } from './protocol';

/** How Teams looks and where it leads; what a person chooses in it. */
export interface Looks {
  locale: string;
  theme: 'default' | 'dark' | 'contrast';
  /** Of a deep link; empty for none. */
  subEntityId: string;
}

/** What getAuthToken gives: a token of the simulated Entra, a refusal with this reason, or nothing ever. */
export type Tokens = 'given' | 'never' | { refused: string };

/**
 * Teams as a tab sees it, for one person: it speaks the protocol of teams-js
 * 2.58 strictly, and remembers what it was told and what was wrong with it.
 */
export class TeamsHost {
  readonly heard: { from: Speaker; request: Request }[] = [];
  readonly wrong: string[] = [];
  /** Deep links that the tab has asked to follow. */
  readonly links: string[] = [];
  tokens: Tokens = 'given';
  windows: 'open' | 'blocked' = 'open';
  /** A host that never answers, as one is whom teams-js does not trust. */
  silent = false;
  private readonly lives = { tab: new Life(), window: new Life() };
  private asking: Request | null = null;
  private over = false;
  private unloaded: (() => void) | null = null;

  constructor(
    readonly page: Page,
    private readonly demo: Demo,
    readonly user: User,
    readonly looks: Looks,
    private readonly contentUrl: string,
  ) {}

  /** Listens to the host's page; before that is opened. */
  async listen(): Promise<void> {
    await this.page.exposeFunction(ear, (from: Speaker, request: Request) => this.hear(from, request));
    this.page.on('popup', (opened) => opened.on('close', () => void this.windowClosed().catch(this.unlessOver)));
  }

  /** Nobody uses Teams any more: what still happens in it is nobody's concern. */
  end(): void {
    this.over = true;
  }

  /** Stops the clock of what is opened from now on: what ends by itself ends when the test lets the time pass. */
  async stopClock(): Promise<void> {
    const now = Date.now();
    await this.page.clock.install({ time: now - 3_600_000 }); // it goes from here on, and cannot be stopped in its past
    await this.page.clock.pauseAt(now);
  }

  /** Lets the time pass on a clock that was stopped. */
  async pass(milliseconds: number): Promise<void> {
    await this.page.clock.runFor(milliseconds);
  }

  /** How often the tab has asked for this. */
  count(func: string): number {
    return this.heard.filter(({ from, request }) => from === 'tab' && request.func === func).length;
  }

  /** The person chooses other colours. */
  async theme(theme: Looks['theme']): Promise<void> {
    this.looks.theme = theme;
    await this.emit('themeChange', [theme]);
  }

  /** The person goes elsewhere in Teams; ends when the tab is ready for it. */
  async suspend(): Promise<void> {
    const ready = new Promise<void>((resolve) => (this.unloaded = resolve));
    await this.emit('beforeUnload', []);
    await ready;
    await this.show(false);
  }

  /** The person comes back, perhaps by a deep link. */
  async resume(subEntityId = ''): Promise<void> {
    this.looks.subEntityId = subEntityId;
    await this.show(true);
    await this.emit('load', [{ entityId: 'desktop', contentUrl: this.contentUrl }]);
  }

  private async show(shown: boolean): Promise<void> {
    await this.page.evaluate((now) => document.getElementById('tab')?.toggleAttribute('hidden', !now), shown);
  }

  /** Teams tells of an event only whoever asked for it. */
  private async emit(func: string, args: unknown[]): Promise<void> {
    if (!this.lives.tab.wants.has(func)) throw new Error(`the tab has not asked for ${func}`);
    await this.say('tab', { func, args });
  }

  /** A host that was silent comes to itself, and answers what it was asked. */
  async speak(): Promise<void> {
    this.silent = false;
    for (const { from, request } of [...this.heard]) await this.take(from, request);
  }

  private async hear(from: Speaker, request: Request): Promise<void> {
    this.heard.push({ from, request });
    if (!this.silent) await this.take(from, request);
  }

  private async take(from: Speaker, request: Request): Promise<void> {
    const first = request.func === 'initialize' && request.id === 0;
    if (first) this.lives[from] = new Life(); // a page that is loaded again begins anew
    const life = this.lives[from];
    const wrong = wrongWith(request, from, life.requests++, life.started);
    if (wrong !== null) {
      this.wrong.push(wrong);
      return;
    }
    const args = await this.answer(from, request, life);
    if (args) await this.reply(from, request, args);
  }

  /** What the request is answered with, null for nothing or not now. */
  private async answer(from: Speaker, { func, args = [], ...request }: Request, life: Life): Promise<unknown[] | null> {
    switch (func) {
      case 'initialize':
        life.started = true;
        return [from === 'tab' ? 'content' : 'authentication', 'web', runtime, '2.0.5'];
      case 'getContext':
        return [this.context()];
      case 'appInitialization.success':
        return [];
      case 'registerHandler':
        life.wants.add(String(args[0]));
        return null;
      case 'readyToUnload':
        this.unloaded?.();
        return null;
      case 'executeDeepLink':
        this.links.push(String(args[0]));
        return [true];
      case 'authentication.getAuthToken':
        return this.token();
      case 'authentication.authenticate':
        return this.open({ func, args, ...request });
      case 'authentication.authenticate.success':
        await this.windowEnds([true, args[0]]);
        return null;
      case 'authentication.authenticate.failure':
        await this.windowEnds([false, args[0]]);
        return null;
      default:
        return null;
    }
  }

  /** A token for the person, of the simulated Entra, as it gives one to Teams. */
  private async token(): Promise<unknown[] | null> {
    if (this.tokens === 'never') return null;
    if (this.tokens !== 'given') return [false, this.tokens.refused];
    const { scope, clients } = this.demo.world;
    const response = await fetch(`${this.demo.sim}/organizations/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password', client_id: clients.teams, scope, username: this.user.username, password: this.user.password,
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    return token === undefined ? [false, 'resourceDisabled'] : [true, token];
  }

  private async open(request: Request): Promise<unknown[] | null> {
    if (this.asking) return [false, 'FailedToOpenWindow']; // one window at a time
    const [url, width, height] = request.args ?? [];
    const opened =
      this.windows === 'open' &&
      (await this.page.evaluate(`openWindow(${JSON.stringify(url)}, ${Number(width ?? 600)}, ${Number(height ?? 400)})`));
    if (opened !== true) return [false, 'FailedToOpenWindow'];
    this.lives.window = new Life();
    this.asking = request;
    return null;
  }

  /** Whoever closes a window has given up, unless it has said how it ended: that may still be on its way. */
  private async windowClosed(): Promise<void> {
    const { asking } = this;
    if (this.over || asking === null) return;
    await this.page.evaluate('listened()');
    if (this.asking === asking) await this.windowEnds([false, 'CancelledByUser']);
  }

  /** Nobody waits for what fails because Teams has been left meanwhile. */
  private readonly unlessOver = (error: unknown): void => {
    if (!this.over && !this.page.isClosed()) throw error;
  };

  /** Answers whoever opened the window, once. */
  private async windowEnds(args: unknown[]): Promise<void> {
    const asked = this.asking;
    this.asking = null;
    if (asked) await this.reply('tab', asked, args);
  }

  private reply(to: Speaker, { id, uuidAsString }: Request, args: unknown[]): Promise<void> {
    return this.say(to, { id, uuidAsString, args });
  }

  private async say(to: Speaker, message: object): Promise<void> {
    if (this.over || this.page.isClosed()) return;
    await this.page.evaluate(`say(${JSON.stringify(to)}, ${JSON.stringify(message)})`);
  }

  /** Teams' flat form of what teams-js calls app.Context. */
  private context(): object {
    const { locale, theme, subEntityId } = this.looks;
    return {
      entityId: 'desktop', subEntityId, locale, theme,
      tid: this.demo.world.tenant, userObjectId: this.user.id, userDisplayName: this.user.name,
      loginHint: this.user.username, userPrincipalName: this.user.username,
      hostName: 'Teams', hostClientType: 'web', frameContext: 'content', sessionId: 'session', appSessionId: 'app-session',
    };
  }
}

/** Prepares a host that does not answer before it is told to, and a page that waits for it until the test lets the time pass. */
export async function beSilent(host: TeamsHost): Promise<void> {
  host.silent = true;
  await host.stopClock();
}

/** One loading of a page in the host. */
class Life {
  requests = 0;
  started = false;
  readonly wants = new Set<string>();
}
