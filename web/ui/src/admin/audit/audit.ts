import type { AuditEvent, AuditLine } from '../../api/types';

/** The kinds of events that the service keeps. */
export const events = ['sign-in', 'refusal', 'consent', 'switch', 'consult', 'transfer', 'wrap-up', 'administration'] as const satisfies readonly AuditEvent[];

/** What somebody looks for; empty texts are no condition. The times are those of the reader's clock, without a zone. */
export interface AuditSearch {
  from: string;
  to: string;
  event: string;
  /** An agent's id. */
  actor: string;
}

/** So many lines are read at a time. */
export const pageSize = 100;

const day = 24 * 3600 * 1000;

/** Everything of the last 24 hours; `now` in milliseconds. */
export function lastDay(now: number): AuditSearch {
  return { from: localTime(new Date(now - day)), to: '', event: '', actor: '' };
}

/** The address of what is looked for; `after` is the sequence of the last line that was read. */
export function auditPath({ from, to, event, actor }: AuditSearch, after?: number): string {
  const query = new URLSearchParams();
  if (from !== '') query.set('from', new Date(from).toISOString());
  if (to !== '') query.set('to', new Date(to).toISOString());
  if (event !== '') query.set('event', event);
  if (actor !== '') query.set('actor', actor);
  if (after !== undefined) {
    query.set('limit', String(pageSize));
    query.set('after', String(after));
  }
  return `/admin/audit?${query.toString()}`;
}

/** Where the next page begins; undefined after the last one. */
export function nextAfter(page: readonly AuditLine[]): number | undefined {
  return page.length < pageSize ? undefined : page.at(-1)?.sequence;
}

/** As a field for a local time takes it: 2026-11-22T08:00. */
function localTime(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
