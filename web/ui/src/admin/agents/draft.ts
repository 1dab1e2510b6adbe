import type { AdminAgent, Role } from '../../api/types';

/** The texts of a row that somebody writes. */
export const fields = ['name', 'id', 'entraId', 'subject', 'number', 'country', 'timeZone', 'team', 'queues'] as const;
export type Field = (typeof fields)[number];

export const roles: readonly Role[] = ['Agent', 'Supervisor', 'Admin'];

/** A row of the agent table while somebody writes it. */
export interface Draft extends Record<Field, string> {
  roles: readonly Role[];
}

export function draftOf(agent: AdminAgent | null): Draft {
  const text = (field: Exclude<Field, 'queues'>) => agent?.[field] ?? '';
  return {
    name: text('name'),
    id: text('id'),
    entraId: text('entraId'),
    subject: text('subject'),
    number: text('number'),
    country: text('country'),
    timeZone: text('timeZone'),
    team: text('team'),
    queues: agent?.queues.join(', ') ?? '',
    roles: agent?.roles ?? [],
  };
}

/** The row as the service takes it: what is empty is null. */
export function bodyOf(draft: Draft) {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    name: draft.name.trim(),
    entraId: orNull(draft.entraId),
    subject: orNull(draft.subject),
    number: orNull(draft.number),
    country: orNull(draft.country),
    timeZone: orNull(draft.timeZone),
    team: orNull(draft.team),
    queues: draft.queues.split(',').map((queue) => queue.trim()).filter((queue) => queue !== ''),
    roles: draft.roles,
  };
}

/**
 * The fields that the service refused, from the places it names, such as
 * "body.entraId", "body.queues[0]" or "path.id". A row as a whole is refused
 * when nobody could sign in as this agent.
 */
export function refusedFields(locations: readonly string[]): Set<Field | 'roles'> {
  const known = [...fields, 'roles'] as const;
  return new Set(
    locations.map((location) => {
      const name = location.replace(/^(body|path)\.?/, '').replace(/\[.*$/, '');
      return known.find((field) => field === name) ?? 'entraId';
    }),
  );
}
