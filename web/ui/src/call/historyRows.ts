import type { HistoryEntry, Interaction, Phase } from '../api/types';

/** How a command of which the telephone system is a part ended; null for everything else. */
export type Outcome = 'done' | 'running' | 'failed' | 'overtaken';

export interface HistoryRow {
  version: number;
  at: string;
  actor: HistoryEntry['actor'];
  person: HistoryEntry['person'];
  /** The command or event; "arranged" is folded into the command that it completes. */
  input: string;
  cause: string | null;
  outcome: Outcome | null;
  /** The phase that came of it; null when it stayed as it was. */
  phase: Phase | null;
}

/**
 * The journal of a call as people read it: one row for a command and its
 * outcome, which the journal keeps apart, because the telephone system needs
 * its time. What the system did on its own account without effect is left out.
 */
export function historyRows(entries: readonly HistoryEntry[], pending: Interaction['pending']): HistoryRow[] {
  const rows: HistoryRow[] = [];
  let open: HistoryRow | null = null;
  for (const entry of entries) {
    const phase = entry.from === entry.to && rows.length > 0 ? null : entry.to;
    if (entry.input === 'arranged' || entry.input === 'arrangeFailed') {
      const outcome = entry.input === 'arranged' ? 'done' : 'failed';
      if (open) Object.assign(open, { outcome, phase });
      else if (phase !== null || outcome === 'failed') rows.push({ ...rowOf(entry), outcome: null, phase });
      open = null;
      continue;
    }
    const row: HistoryRow = { ...rowOf(entry), outcome: entry.pending === null ? null : 'overtaken', phase };
    rows.push(row);
    if (entry.pending !== null) open = row;
  }
  if (open && pending !== null) open.outcome = 'running';
  return rows;
}

function rowOf({ version, at, actor, person, input, cause }: HistoryEntry) {
  return { version, at, actor, person, input, cause };
}
