import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { agent, answer, check, everyCheck, openAdmin, organization } from '../../test/admin';

const step = (name: RegExp) => within(screen.getByRole('list', { name: 'Steps of the set-up' })).getByText(name).closest('li') as HTMLElement;

test('the set-up says which step is next, who does it, and what to press', async () => {
  openAdmin('setup', answer({
    enabled: false,
    missing: ['User.Read.All'],
    checks: [
      check('switch', { result: 'failed' }),
      check('reachable'),
      check('clock'),
      check('credential', { result: 'warning', detail: 'Ends soon.', actor: 'operator' }),
      check('permission', { result: 'failed', permission: 'User.Read.All', title: 'Permission User.Read.All', actor: 'admin', link: 'https://entra.example/app' }),
      check('app-enabled'),
      check('assignment'),
    ],
  }));
  expect(await screen.findByText('4 of 6 steps are in order')).toBeVisible();
  expect(screen.getByText('Next: Your organisation consents')).toBeVisible();
  const consent = step(/2\. Your organisation consents/);
  expect(consent).toHaveAttribute('aria-current', 'step');
  expect(within(consent).getByText(/Privileged Role Administrator\./)).toBeVisible();
  expect(within(consent).getByText('Permission User.Read.All')).toBeVisible();
  expect(within(consent).getByRole('link', { name: /Open at Microsoft/ })).toHaveAttribute('href', 'https://entra.example/app');
  expect(within(consent).getByRole('button', { name: 'Ask Microsoft for consent' })).toBeVisible();
  expect(within(step(/1\. This service reaches Microsoft/)).getByText('Ends soon.')).toBeVisible();
  expect(within(step(/6\. Single sign-on is switched on/)).getByRole('switch')).not.toBeChecked();
});

test('an organisation without agents is not green', async () => {
  openAdmin('setup', (service) => service.on('GET /admin/agents', () => ({ json: { agents: [agent('greta', 'Greta', { entraId: null })] } })));
  expect(await screen.findByText('Next: Agents are set up')).toBeVisible();
  expect(screen.getByText('1 person is in the agent table.')).toBeVisible();
});

test('coming back from Microsoft checks without a press, once', async () => {
  const { user, service } = openAdmin('setup', (service) => {
    answer({ checks: [...everyCheck, check('permission', { result: 'failed' })] })(service);
    service.on('POST /admin/consent', () => ({ json: { url: 'http://service.test/consent', expiresAt: '2026-11-22T09:00:00.000Z' } }));
    service.on('POST /admin/organization/check', () => ({ json: organization() }));
  });
  await user.click(await screen.findByRole('button', { name: 'Ask Microsoft for consent' }));
  window.dispatchEvent(new Event('focus')); // nobody has left yet
  const link = await screen.findByRole('link', { name: /Open Microsoft’s consent page/ });
  link.addEventListener('click', (event) => event.preventDefault());
  await user.click(link);
  window.dispatchEvent(new Event('focus'));
  expect(await screen.findByText('All 6 steps are in order')).toBeVisible();
  window.dispatchEvent(new Event('focus'));
  expect(service.requests('POST /admin/organization/check')).toHaveLength(1);
});

test('a closer look is taken on click only, and shows who heals what and where', async () => {
  const looks: string[] = [];
  const { user } = openAdmin('setup', (service) =>
    service.on('POST /admin/organization/check', ({ query }) => {
      looks.push(query.toString());
      return {
        json: organization({
          checks: [
            check('app-enabled', { result: 'failed', actor: 'admin', link: 'https://entra.example/app', code: 'AADSTS7000112' }),
            check('inspection', { result: 'warning', actor: 'admin', action: '/api/v1/admin/consent?deep=true' }),
          ],
        }),
      };
    }),
  );
  const card = within(await screen.findByRole('region', { name: 'A closer look' }));
  expect(looks).toEqual([]);
  await user.click(card.getByRole('button', { name: 'Look closer with my sign-in' }));
  expect(await card.findByRole('link', { name: /Open at Microsoft/ })).toHaveAttribute('href', 'https://entra.example/app');
  expect(card.getByRole('img', { name: 'Failed' })).toBeVisible();
  expect(card.getByText('AADSTS7000112')).toBeVisible();
  expect(card.getByRole('button', { name: 'Ask Microsoft for consent' })).toBeVisible();
  expect(looks).toEqual(['deep=true']);
});
