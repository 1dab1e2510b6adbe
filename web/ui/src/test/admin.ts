import type { AdminAgent, AdminCheck, AdminOrganization } from '../api/types';
import { session } from './fixtures';
import { openPage } from './page';
import type { FakeService } from './service';
import { addressOf, type Section } from '../admin/sections';

/** A row of the agent table. */
export const agent = (id: string, name: string, change: Partial<AdminAgent> = {}): AdminAgent => ({
  id, name, entraId: `entra-${id}`, subject: null, number: '+49301001', country: 'DE', timeZone: null, team: 'Berlin', queues: ['tax'], roles: ['Agent'], source: 'file', version: `v-${id}`, ...change,
});
/** A row that an administrator made. */
export const ben = agent('ben', 'Ben Brand', { team: 'Hamburg', source: 'admin' });

/** A check of the service, in order unless told otherwise. */
export const check = (name: AdminCheck['name'], change: Partial<AdminCheck> = {}): AdminCheck => ({
  name, result: 'ok', permission: null, kind: null, title: `Title ${name}`, detail: `Detail ${name}.`, actor: null, action: null, link: null, code: null, requestId: null, ...change,
});
export const everyCheck = (['switch', 'reachable', 'clock', 'credential', 'app-known', 'app-enabled', 'assignment'] as const).map((name) => check(name));

/** An organisation in which everything is in order. */
export function organization(change: Partial<AdminOrganization> = {}, directory: Partial<AdminOrganization['directory']> = {}): AdminOrganization {
  return {
    tenant: 't1',
    enabled: true,
    servicePrincipal: 'enabled',
    consent: [],
    credential: { expiresAt: null, daysLeft: null, kind: null, problem: null, warning: null },
    directory: {
      ready: true, mode: 'index', syncedAt: '2026-11-22T08:00:00.000Z', people: 5000, experts: 4000, rate: 0,
      reading: null, error: null, requestId: null, since: null, retryAfterSeconds: null, nextAt: null, ...directory,
    },
    presence: { watched: 3, oldestAgeSeconds: 4, error: null, since: null, retryAfterSeconds: null, budget: null },
    lastError: null,
    checkedAt: null,
    sso: { state: 'ready', detail: '', actor: null, action: null },
    missing: [],
    checks: everyCheck,
    ...change,
  };
}

/** The administration as an administrator sees it, open at one of its pages. */
export function openAdmin(section: Section, prepare: (service: FakeService) => void = () => undefined) {
  window.location.hash = addressOf(section);
  return openPage((service) => {
    const admin = session();
    service.session = { ...admin, agent: { ...admin.agent, roles: ['Admin'] } };
    service.on('GET /admin/organization', () => ({ json: organization() }));
    service.on('GET /admin/agents', () => ({ json: { agents: [agent('anja', 'Anja Weber'), ben] } }));
    prepare(service);
  });
}

/** Lets the service say this of the organisation. */
export const answer = (change: Partial<AdminOrganization>, directory: Partial<AdminOrganization['directory']> = {}) => (service: FakeService) =>
  service.on('GET /admin/organization', () => ({ json: organization(change, directory) }));
