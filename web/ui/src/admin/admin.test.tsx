import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import type { AdminAgent, AdminCheck, AdminOrganization } from '../api/types';
import { session } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem, type FakeService } from '../test/service';

beforeEach(() => {
  window.location.hash = '#/admin';
});

const agent = (id: string, name: string, change: Partial<AdminAgent> = {}): AdminAgent => ({
  id, name, number: '+49301001', team: 'Berlin', queues: ['tax'], roles: ['Agent'], source: 'file', country: 'DE', timeZone: null, entraId: null, subject: id, ...change,
});

function organization(directory: Partial<AdminOrganization['directory']> = {}): AdminOrganization {
  return {
    tenant: 't1',
    enabled: true,
    servicePrincipal: 'enabled',
    consent: [],
    credential: { expiresAt: null, daysLeft: null, kind: null, problem: null, warning: null },
    directory: {
      ready: true, mode: 'index', syncedAt: '2026-11-22T08:00:00.000Z', people: 5000, experts: 4000, rate: 0,
      reading: null, error: null, requestId: null, since: null, retryAfterSeconds: null, ...directory,
    },
    presence: { watched: 3, oldestAgeSeconds: 4, error: null, since: null, retryAfterSeconds: null },
    lastError: null,
    checkedAt: null,
    sso: { state: 'ready', detail: '', actor: null, action: null },
    missing: [],
    checks: [],
  };
}

async function openAdmin(prepare: (service: FakeService) => void = () => undefined) {
  const page = openPage((service) => {
    const admin = session();
    service.session = { ...admin, agent: { ...admin.agent, roles: ['Admin'] } };
    service.on('GET /admin/organization', () => ({ json: organization() }));
    service.on('GET /admin/agents', () => ({ json: { agents: [agent('anja', 'Anja Weber'), agent('ben', 'Ben Brand', { team: 'Hamburg', source: 'admin' })] } }));
    prepare(service);
  });
  await screen.findByRole('region', { name: 'State' });
  return page;
}

test('the first reading shows how many people of how many, how fast and how long it takes', async () => {
  await openAdmin((service) =>
    service.on('GET /admin/organization', () => ({
      json: organization({ ready: false, syncedAt: null, rate: 812.4, reading: { people: 12_000, expected: 40_000, secondsLeft: 34, since: '2026-11-22T08:00:00.000Z' } }),
    })),
  );
  expect(screen.getByText(/First synchronisation is running: 12,000 people read of about 40,000 · 812 people per second · 34 s left/)).toBeVisible();
  expect(screen.getByRole('progressbar', { name: 'Directory' })).toHaveValue(12_000);
});

test('throttled presence says since when and when it is asked again', async () => {
  await openAdmin((service) =>
    service.on('GET /admin/organization', () => ({
      json: {
        ...organization(),
        presence: { watched: 3, oldestAgeSeconds: 70, error: 'throttled', since: '2026-11-22T08:00:00.000Z', retryAfterSeconds: 40 },
      },
    })),
  );
  expect(screen.getByText(/Microsoft is throttling · since .* · asked again in 40 s/)).toBeVisible();
});

test('a throttled directory says since when and when it is asked again', async () => {
  await openAdmin((service) =>
    service.on('GET /admin/organization', () => ({
      json: organization({ error: 'throttled', since: '2026-11-22T08:00:00.000Z', retryAfterSeconds: 20 }),
    })),
  );
  expect(screen.getByText(/Microsoft is throttling · since .* · asked again in 20 s/)).toBeVisible();
});

test('agents are listed and filtered by any of their words', async () => {
  const { user } = await openAdmin();
  await screen.findByRole('rowheader', { name: 'Anja Weber' });
  expect(screen.getByText('2 of 2 agents')).toBeVisible();
  await user.type(screen.getByRole('searchbox', { name: 'Filter agents' }), 'hamburg ben');
  expect(screen.getByText('1 of 2 agents')).toBeVisible();
  expect(screen.getByRole('rowheader', { name: 'Ben Brand' })).toBeVisible();
  expect(screen.queryByRole('rowheader', { name: 'Anja Weber' })).not.toBeInTheDocument();
});

test('a file of agents is checked first and imported when somebody says so', async () => {
  const { user, service } = await openAdmin((service) =>
    service.on('POST /admin/agents/import', () => ({ json: { created: 1, updated: 2, unchanged: 3, problems: [] } })),
  );
  await user.upload(screen.getByLabelText('Import agents from a CSV file', { selector: 'input' }), new File(['id;name\ncarla;Carla'], 'agents.csv', { type: 'text/csv' }));
  expect(await screen.findByText('agents.csv: 1 new, 2 changed, 3 unchanged')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Import' }));
  expect(await screen.findByText('Imported: 1 new, 2 changed, 3 unchanged.', { selector: 'p' })).toBeVisible();
  const asked = service.requests('POST /admin/agents/import');
  expect(asked.map(({ query, body }) => [query.get('dryRun'), body])).toEqual([
    ['true', 'id;name\ncarla;Carla'],
    [null, 'id;name\ncarla;Carla'],
  ]);
  await waitFor(() => expect(service.requests('GET /admin/agents').length).toBeGreaterThan(1));
});

test('a file with problems names every line and imports nothing', async () => {
  const { user, service } = await openAdmin((service) =>
    service.on('POST /admin/agents/import', () => ({
      json: { created: 0, updated: 0, unchanged: 0, problems: [{ line: 3, column: 'number', message: 'is no telephone number' }] },
    })),
  );
  await user.upload(screen.getByLabelText('Import agents from a CSV file', { selector: 'input' }), new File(['x'], 'agents.csv', { type: 'text/csv' }));
  expect(await screen.findByRole('cell', { name: 'is no telephone number' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Import' })).not.toBeInTheDocument();
  expect(service.requests('POST /admin/agents/import')).toHaveLength(1);
});

test('why somebody is missing is asked at Microsoft, and every reason has words', async () => {
  const { user, service } = await openAdmin((service) =>
    service.on('GET /experts/missing', () => ({
      json: {
        people: [
          { id: '1', name: 'Otto Ohne', reason: 'no-business-phone' },
          { id: '2', name: 'Otto Anders', reason: 'a-new-reason' },
          { id: '3', name: 'Otto Da', reason: null },
        ],
      },
    })),
  );
  await user.type(screen.getByRole('searchbox', { name: 'Name of the missing person' }), 'Otto{Enter}');
  expect(await screen.findByText('Has no business phone number.')).toBeVisible();
  expect(screen.getByText('Is not listed for another reason.')).toBeVisible();
  expect(screen.getByText('Is listed as an expert.')).toBeVisible();
  expect(service.requests('GET /experts/missing')[0]?.query.get('q')).toBe('Otto');
  service.on('GET /experts/missing', () => problem('directory-unavailable', 503));
  await user.click(screen.getByRole('button', { name: 'Find the reason' }));
  expect(await screen.findByText(/directory is not available/i)).toBeVisible();
});

const check = (name: AdminCheck['name'], change: Partial<AdminCheck> = {}): AdminCheck => ({
  name, result: 'ok', permission: null, kind: null, title: `Title ${name}`, detail: `Detail ${name}.`, actor: null, action: null, link: null, code: null, requestId: null, ...change,
});

test('each finding stands with its colour’s name, who heals it and where, and a closer look is taken on click only', async () => {
  const looks: string[] = [];
  const { user } = await openAdmin((service) => {
    service.on('GET /admin/organization', () => ({ json: { ...organization(), checks: [check('switch'), check('credential', { result: 'failed', actor: 'operator', code: 'AADSTS7000215' })] } }));
    service.on('POST /admin/organization/check', ({ query }) => {
      looks.push(query.toString());
      return {
        json: {
          ...organization(),
          checks: [
            check('app-enabled', { result: 'failed', actor: 'admin', link: 'https://entra.example/app' }),
            check('inspection', { result: 'warning', actor: 'admin', action: '/api/v1/admin/consent?deep=true' }),
          ],
        },
      };
    });
  });
  const card = within(screen.getByRole('region', { name: 'Everything single sign-on needs' }));
  expect(card.getByRole('img', { name: 'In order' })).toBeVisible();
  expect(card.getByRole('img', { name: 'Failed' })).toBeVisible();
  expect(card.getByText('For the operator of this service.')).toBeVisible();
  expect(card.getByText('AADSTS7000215')).toBeVisible();
  expect(looks).toEqual([]);
  await user.click(card.getByRole('button', { name: 'Look closer with my sign-in' }));
  expect(await card.findByRole('link', { name: /Open at Microsoft/ })).toHaveAttribute('href', 'https://entra.example/app');
  expect(card.getByRole('button', { name: 'Ask Microsoft for consent' })).toBeVisible();
  expect(looks).toEqual(['deep=true']);
});
