import { useEffect, useState } from 'react';
import type { TargetKind } from '../api/types';
import { useCommands } from '../call/commands';
import { noLimits, type Limits } from '../experts/limits';
import type { List } from '../experts/useKept';
import { useDraftOwner } from '../session/useDraftOwner';
import { Drafts } from '../shared/drafts';

export const kinds: readonly TargetKind[] = ['agent', 'queue', 'organization', 'entryPoint', 'dialNumber'];

/** What was searched for in one of the tabs, and who or what was chosen of it. */
export interface Search {
  query: string;
  selected: string | null;
}

/** A dial number as it stands in its field, as it was meant before it was cleaned, and what was cut. */
export interface Entry {
  shown: string;
  meant: string;
  removed: string[];
}

/** What an agent has entered of a consult request. What is confirmed on purpose, an emergency call, is not of it. */
export interface ConsultDraft {
  kind: TargetKind;
  searches: Partial<Record<TargetKind, Search>>;
  /** Of the experts: which list, and what it is narrowed to. */
  list: List;
  limits: Limits;
  entry: Entry;
}

export const noSearch: Search = { query: '', selected: null };
export const noEntry: Entry = { shown: '', meant: '', removed: [] };

const nothing: ConsultDraft = { kind: 'organization', searches: {}, list: 'everybody', limits: noLimits, entry: noEntry };

export const consultDrafts = new Drafts<ConsultDraft>('consult');

export interface Entering {
  draft: ConsultDraft;
  enter: (change: Partial<ConsultDraft>) => void;
  /** Changes the search of one tab. */
  search: (kind: TargetKind, change: Partial<Search>) => void;
}

/** The request's draft: as it was left, and kept with every change. */
export function useConsultDraft(): Entering {
  const { id } = useCommands().interaction;
  const { agent, interaction } = useDraftOwner(id);
  const [draft, setDraft] = useState(() => begin(consultDrafts.read({ agent, interaction })));
  useEffect(() => consultDrafts.keep({ agent, interaction }, draft), [agent, interaction, draft]);
  return {
    draft,
    enter: (change) => setDraft((before) => ({ ...before, ...change })),
    search: (kind, change) =>
      setDraft((before) => ({ ...before, searches: { ...before.searches, [kind]: { ...noSearch, ...before.searches[kind], ...change } } })),
  };
}

function begin(left: Partial<ConsultDraft> | null): ConsultDraft {
  const draft = { ...nothing, ...left };
  return kinds.includes(draft.kind) ? draft : { ...draft, kind: nothing.kind };
}
