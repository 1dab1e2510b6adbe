import type { Expert } from '../api/types';
import { reachable } from './presence';

/** What a list of experts is narrowed to; an empty text is no limit. */
export interface Limits {
  onlyAvailable: boolean;
  department: string;
  role: string;
}

export const noLimits: Limits = { onlyAvailable: false, department: '', role: '' };

/** Whether a list is narrowed to a department or a role. */
export function byLabel({ department, role }: Limits): boolean {
  return department !== '' || role !== '';
}

/** How many limits a list has. */
export function count({ onlyAvailable, department, role }: Limits): number {
  return [onlyAvailable, department !== '', role !== ''].filter(Boolean).length;
}

/** Whether an expert is within the limits, compared as the service does: case and accents do not matter. */
export function admits({ onlyAvailable, department, role }: Limits, expert: Expert): boolean {
  return (!onlyAvailable || reachable(expert.presence)) && same(department, expert.department) && same(role, expert.role);
}

function same(wanted: string, had: string | null): boolean {
  return wanted === '' || wanted.localeCompare(had ?? '', undefined, { sensitivity: 'base' }) === 0;
}
