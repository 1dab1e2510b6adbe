import { expect, type Locator, type Page } from '@playwright/test';
import type { Messages } from '../../src/i18n/messages';
import type { User } from './demo';

type Command = keyof Messages['action'];

/** What finds things on the page: its window or a frame. */
export type View = Pick<Page, 'getByRole' | 'getByTestId' | 'getByText' | 'getByLabel' | 'locator'>;

/** Puts values into a text of the page, as the page does. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/{{(\w+)}}/g, (_, name: string) => String(values[name]));
}

/** The page as the person before it sees it: found by what it says, never by how it is made. */
export class Desktop {
  /** `view` is where the page's own content is, when it is not the window itself but a frame in it. */
  constructor(
    readonly page: Page,
    readonly texts: Messages,
    readonly view: View = page,
  ) {}

  /** Signs in at one of the simulated providers, by its own form. */
  async signIn(user: User, provider = 'Microsoft'): Promise<void> {
    await this.enter(user, provider);
    await this.isOpen();
  }

  /** Waits until the page shows whoever is signed in what is theirs. */
  async isOpen(): Promise<void> {
    await expect(this.view.getByRole('combobox', { name: this.texts.state.menu })).toBeVisible();
  }

  /** Signs out here and at the provider, and waits until the provider has led back. */
  async signOut(): Promise<void> {
    const { origin } = new URL(this.page.url());
    const back = this.page.waitForEvent('framenavigated', (frame) => frame === this.page.mainFrame() && new URL(frame.url()).origin === origin);
    await this.view.getByRole('button', { name: this.texts.signIn.signOut }).click();
    await back;
    await expect(this.view.getByRole('heading', { name: this.texts.signIn.title })).toBeVisible();
  }

  /** The same person signs out in another window of this browser. */
  async signOutElsewhere(): Promise<void> {
    const other = new Desktop(await this.page.context().newPage(), this.texts);
    await other.page.goto(new URL(this.page.url()).origin);
    await other.signOut();
    await other.page.close(); // what is behind it is not drawn, and cannot be pressed
  }

  /** Goes to a provider and sends its form, whatever comes of it. */
  async enter({ username, password }: Pick<User, 'username' | 'password'>, provider = 'Microsoft'): Promise<void> {
    await this.view.getByRole('link', { name: fill(this.texts.signIn.with, { name: provider }) }).click();
    await this.view.locator('#username').fill(username);
    await this.view.locator('#password').fill(password);
    await this.view.getByRole('button').click();
  }

  /** Goes to a page of the administration. */
  readonly administration = async (section: keyof Messages['admin']['sections']): Promise<void> => {
    await this.view.getByRole('link', { name: this.texts.app.admin, exact: true }).click();
    await this.view.getByRole('navigation', { name: this.texts.admin.title }).getByRole('link', { name: this.texts.admin.sections[section] }).click();
    await expect(this.view.getByRole('heading', { level: 1, name: this.texts.admin.sections[section] })).toBeVisible();
  };

  /** A command of the call, as long as no dialog covers it. */
  command(name: Command): Locator {
    return this.view.getByRole('button', { name: this.texts.action[name], exact: true });
  }

  async press(...names: Command[]): Promise<void> {
    for (const name of names) await this.command(name).click();
  }

  /** What the call says about itself. */
  get sentence(): Locator {
    return this.view.getByTestId('sentence');
  }

  /** Who hears whom. */
  get parties(): Locator {
    return this.view.getByRole('group', { name: this.texts.call.parties });
  }

  /** What the call says to its owner in this phase. */
  async says(key: keyof Messages['sentence']['agent1'], name = ''): Promise<void> {
    await expect(this.sentence).toContainText(fill(this.texts.sentence.agent1[key], { name }));
  }

  /** Opens the consult request, which begins with the experts, and goes to the tab for this kind of target. */
  async openConsult(kind?: keyof Messages['kind']): Promise<ConsultRequest> {
    await this.press('consult');
    const request = new ConsultRequest(this.view.getByRole('dialog', { name: this.texts.consult.title }), this.texts);
    if (kind) await request.choose(kind);
    return request;
  }

  /** Finishes the wrap-up with the nth of the reasons. */
  async wrapUp(position = 0): Promise<void> {
    await this.view.getByRole('radio').nth(position).check();
    await this.press('wrapUp');
  }

  /** The one on screen, in the list of several calls. */
  get currentCall(): Locator {
    return this.view.getByRole('navigation', { name: this.texts.call.list }).locator('[aria-current]');
  }

  get noCall(): Locator {
    return this.view.getByRole('heading', { name: this.texts.call.none });
  }
}

/** The dialog in which the target of a consult is chosen. */
export class ConsultRequest {
  constructor(
    readonly dialog: Locator,
    private readonly texts: Messages,
  ) {}

  async choose(kind: keyof Messages['kind']): Promise<void> {
    await this.dialog.getByRole('tab', { name: this.texts.kind[kind], exact: true }).click();
  }

  /** The search field of the tab. */
  get search(): Locator {
    const { agent, queue, entryPoint, organization } = this.texts.search;
    return this.dialog.getByRole('combobox', { name: new RegExp(`^(${[agent, queue, entryPoint, organization].join('|')})$`) });
  }

  /** Shows everybody or one of the agent's own lists. */
  async show(list: keyof Messages['experts']['lists']): Promise<void> {
    await this.dialog.getByRole('radio', { name: this.texts.experts.lists[list], exact: true }).click();
  }

  /** The star for whoever is chosen. */
  get favourite(): Locator {
    return this.dialog.getByRole('button', { name: this.texts.experts.favourite, exact: true });
  }

  /** The field for any number. */
  get number(): Locator {
    return this.dialog.getByRole('textbox', { name: this.texts.dial.label });
  }

  /** Pastes into the number's field, as a person does from another window. */
  async paste(text: string): Promise<void> {
    const page = this.dialog.page();
    await page.evaluate((content) => navigator.clipboard.writeText(content), text);
    await this.number.focus();
    await page.keyboard.press('Control+V');
  }

  /** The rows found whose text has these words. */
  row(words: string | RegExp): Locator {
    return this.dialog.getByRole('listbox').getByRole('option').filter({ hasText: words });
  }

  get refresh(): Locator {
    return this.dialog.getByRole('button', { name: this.texts.app.refresh, exact: true });
  }

  get consult(): Locator {
    return this.dialog.getByRole('button', { name: this.texts.action.consult, exact: true });
  }

  get transfer(): Locator {
    return this.dialog.getByRole('button', { name: this.texts.action.coldTransfer, exact: true });
  }
}
