import type { AuditEvent, AuditLine, AuditOutcome } from '../../api/types';

/** The kinds of events that the service keeps. */
export const events = ['sign-in', 'refusal', 'consent', 'switch', 'consult', 'transfer', 'wrap-up', 'administration'] as const satisfies readonly AuditEvent[];

/** How an event can have ended. */
export const outcomes = ['begun', 'done', 'refused', 'failed'] as const satisfies readonly AuditOutcome[];

/** What somebody looks for; empty texts are no condition. The times are those of the reader's clock, without a zone. */
export interface AuditSearch {
  from: string;
  to: string;
  event: string;
  /** An agent's id. */
  actor: string;
  outcome: string;
}

/** So many lines are read at a time. */
export const pageSize = 100;

const day = 24 * 3600 * 1000;

/** Everything of the last 24 hours; `now` in milliseconds. */
export function lastDay(now: number): AuditSearch {
  return { from: localTime(new Date(now - day)), to: '', event: '', actor: '', outcome: '' };
}

/** The address of everything that is looked for, in the order of the chain. */
export function auditPath(search: AuditSearch): string {
  return `/admin/audit?${conditions(search).toString()}`;
}

/** The address of a page, the latest line first; `before` is the sequence of the last line that was read, 0 for none. */
export function auditPagePath(search: AuditSearch, before: number): string {
  const query = conditions(search);
  query.set('order', 'desc');
  query.set('limit', String(pageSize));
  query.set('before', String(before));
  return `/admin/audit?${query.toString()}`;
}

function conditions({ from, to, event, actor, outcome }: AuditSearch): URLSearchParams {
  const query = new URLSearchParams();
  if (from !== '') query.set('from', new Date(from).toISOString());
  if (to !== '') query.set('to', new Date(to).toISOString());
  if (event !== '') query.set('event', event);
  if (actor !== '') query.set('actor', actor);
  if (outcome !== '') query.set('outcome', outcome);
  return query;
}

/** Where the next page begins; undefined after the last one. */
export function nextBefore(page: readonly AuditLine[]): number | undefined {
  return page.length < pageSize ? undefined : page.at(-1)?.sequence;
}

/** As a field for a local time takes it: 2026-11-22T08:00. */
function localTime(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
