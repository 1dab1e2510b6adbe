/**
 * Single letters that take the keyboard to a part of the page. None of them
 * commands anything: Enter does, once one has heard where one is, so that a
 * letter typed or spoken by mistake costs nothing. Letters without Ctrl, Alt
 * or a function key, because those belong to Teams, the browser and screen
 * readers; and because single letters have to be (WCAG 2.1.4), they can be
 * switched off.
 */
export const shortcuts = {
  call: 'a',
  hold: 'h',
  consult: 'k',
  bar: 'b',
  wrapUp: 'n',
  history: 'v',
  list: 'l',
  status: 's',
} as const;

export type Shortcut = keyof typeof shortcuts;

export const helpKey = '?';

/** What marks the element that a shortcut leads to. */
export const shortcutAttribute = 'data-shortcut';

/** Marks an element as the one that this shortcut leads to. */
export function leadsHere(shortcut: Shortcut | undefined) {
  return shortcut === undefined ? {} : { [shortcutAttribute]: shortcut };
}

/** The shortcut of this key press; null where letters mean something else: in a field, in a dialog, with a modifier. */
export function shortcutOf(event: KeyboardEvent): Shortcut | typeof helpKey | null {
  if (event.defaultPrevented || event.repeat || event.isComposing) return null;
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.target instanceof Element && event.target.closest('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog]')) return null;
  if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return null;
  if (event.key === helpKey) return helpKey;
  const key = event.key.toLowerCase();
  const found = Object.entries(shortcuts).find(([, letter]) => letter === key);
  return found ? (found[0] as Shortcut) : null;
}

/** Takes the keyboard to the part of the page that this shortcut is for; false when it is not there. */
export function goTo(shortcut: Shortcut): boolean {
  const marked = document.querySelector<HTMLElement>(`[${shortcutAttribute}="${shortcut}"]`);
  // A group is marked as a whole; its first control takes the keyboard.
  const target = marked?.matches('section, div, form, nav') ? marked.querySelector<HTMLElement>('input:checked, button, input, a') : marked;
  target?.focus();
  return target !== null && target !== undefined;
}

const storageKey = 'teamsbridge.shortcuts';

export function shortcutsWanted(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

export function rememberShortcuts(wanted: boolean): void {
  try {
    localStorage.setItem(storageKey, wanted ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing still obeys until the page is left.
  }
}
