/** What an agent has entered of a wrap-up, kept over reloads of this window until it is sent. */
export interface Draft {
  code: string;
  note: string;
}

const empty: Draft = { code: '', note: '' };
const storageKey = (interaction: string) => `teamsbridge.wrap-up.${interaction}`;

export function readDraft(interaction: string): Draft {
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey(interaction)) ?? 'null') as Partial<Draft> | null;
    return { ...empty, ...stored };
  } catch {
    return empty;
  }
}

export function keepDraft(interaction: string, draft: Draft): void {
  try {
    sessionStorage.setItem(storageKey(interaction), JSON.stringify(draft));
  } catch {
    // Without storage the draft lives as long as the page.
  }
}

export function dropDraft(interaction: string): void {
  try {
    sessionStorage.removeItem(storageKey(interaction));
  } catch {
    // See keepDraft.
  }
}
