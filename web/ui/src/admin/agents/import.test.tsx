import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { openAdmin } from '../../test/admin';

const file = (content: string) => new File([content], 'agents.csv', { type: 'text/csv' });
const chooser = () => screen.findByLabelText('Import agents from a CSV file', { selector: 'input' });

test('a file of agents is checked first and imported when somebody says so', async () => {
  const { user, service } = openAdmin('agents', (service) =>
    service.on('POST /admin/agents/import', () => ({ json: { created: 1, updated: 2, unchanged: 3, problems: [] } })),
  );
  await user.upload(await chooser(), file('id;name\ncarla;Carla'));
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
  const { user, service } = openAdmin('agents', (service) =>
    service.on('POST /admin/agents/import', () => ({
      json: {
        created: 0,
        updated: 0,
        unchanged: 0,
        problems: [
          { line: 3, column: 'number', message: "the same as another agent's (line 2)", code: 'taken', values: { line: 2 } },
          { line: 4, column: null, message: 'has 2 values, the header 5', code: 'value-count', values: { values: 2, columns: 5 } },
          { line: 5, column: 'name', message: 'is of a later version', code: 'of-later', values: {} },
        ],
      },
    })),
  );
  await user.upload(await chooser(), file('x'));
  expect(await screen.findByRole('cell', { name: 'Another agent has the same. The same is in line 2.' })).toBeVisible();
  expect(screen.getByRole('cell', { name: 'Has 2 values, the header 5.' })).toBeVisible();
  expect(screen.getByRole('cell', { name: 'is of a later version' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Import' })).not.toBeInTheDocument();
  expect(service.requests('POST /admin/agents/import')).toHaveLength(1);
});
