import { Drafts } from '../shared/drafts';

/** What an agent has entered of a wrap-up. */
export interface Draft {
  code: string;
  note: string;
}

export const noDraft: Draft = { code: '', note: '' };

export const wrapUpDrafts = new Drafts<Draft>('wrap-up');
