import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { openAdmin } from '../../test/admin';

test('the way from an agent to an expert is told step by step, with who heals it and where', async () => {
  const { user, service } = openAdmin('explain', (service) => {
    service.on('GET /experts/missing', () => ({ json: { people: [{ id: 'jm', name: 'Jürgen Müller', reason: null }] } }));
    service.on('GET /admin/explain', () => ({
      json: {
        agent: { id: 'anja', name: 'Anja Weber', number: null },
        expert: { id: 'jm', name: 'Jürgen Müller', number: null },
        state: 'red',
        steps: [
          { step: 'agent', title: 'Agent is set up', state: 'green', detail: 'There is a row.', actor: null, action: null, link: null, code: null, requestId: null },
          { step: 'agent-identity', title: 'Identity', state: 'red', detail: 'No object id.', actor: 'admin', action: '/api/v1/admin/agents', link: null, code: null, requestId: null },
        ],
      },
    }));
  });
  const ask = await screen.findByRole('button', { name: 'Explain' });
  expect(ask).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByText('Choose an agent first.')).toBeVisible();
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Agent' }), 'Anja Weber');
  await user.type(screen.getByRole('searchbox', { name: 'Name of the expert' }), 'Jürgen{Enter}');
  await user.click(await screen.findByRole('radio', { name: 'Jürgen Müller' }));
  await user.click(ask);
  expect(await screen.findByRole('heading', { level: 2, name: /Anja Weber cannot reach Jürgen Müller/ })).toBeVisible();
  const steps = within(screen.getByRole('list', { name: 'Steps of the way' }));
  expect(steps.getByText('For the organisation’s administrator.')).toBeVisible();
  expect(steps.getByRole('link', { name: 'Change it here' })).toHaveAttribute('href', '#/admin/agents');
  const [asked] = service.requests('GET /admin/explain');
  expect([asked?.query.get('agent'), asked?.query.get('expert')]).toEqual(['anja', 'jm']);
});
