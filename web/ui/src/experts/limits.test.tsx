import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { expert, interaction } from '../test/fixtures';
import { openPage } from '../test/page';
import { admits, noLimits } from './limits';

const labels = {
  departments: [{ name: 'Finance', experts: 2 }, { name: 'Logistics', experts: 1 }],
  roles: [{ name: 'Tax adviser', experts: 3 }],
};

async function openExperts() {
  const page = openPage((service) => {
    service.interactions = [interaction()];
    service.experts = [expert('jm', 'Jürgen Müller'), expert('li', 'Lina Ivanova', { department: 'Logistics' })];
    service.favourites = ['jm', 'li'];
    service.on('GET /experts/labels', () => ({ json: labels }));
  });
  await page.user.click(await screen.findByRole('button', { name: 'Consult' }));
  const search = await screen.findByRole('combobox', { name: 'Search experts' });
  return { ...page, search, inside: within(screen.getByRole('dialog', { name: 'Consult request' })) };
}

test('a department and a role narrow the search, and say how many there are', async () => {
  const { inside, user, service } = await openExperts();
  const department = await inside.findByRole('combobox', { name: 'Department' });
  expect(within(department).getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['Any department', 'Finance (2)', 'Logistics (1)']);
  await user.selectOptions(department, 'Logistics (1)');
  await user.selectOptions(inside.getByRole('combobox', { name: 'Role' }), 'Tax adviser (3)');
  await waitFor(() => {
    const asked = service.requests('GET /experts').at(-1)?.query;
    expect([asked?.get('department'), asked?.get('role')]).toEqual(['Logistics', 'Tax adviser']);
  });
});

test('they narrow the favourites too, and an empty list says why', async () => {
  const { inside, user } = await openExperts();
  await user.click(inside.getByRole('radio', { name: 'Favourites' }));
  await inside.findByRole('option', { name: /Jürgen Müller/ });
  await user.selectOptions(await inside.findByRole('combobox', { name: 'Department' }), 'Logistics (1)');
  expect(inside.queryByRole('option', { name: /Jürgen Müller/ })).not.toBeInTheDocument();
  expect(inside.getByRole('option', { name: /Lina Ivanova/ })).toBeVisible();
});

test.each([
  ['no limit', {}, true],
  ['the department in another case', { department: 'FINANCE' }, true],
  ['another department', { department: 'Logistics' }, false],
  ['the role', { role: 'Tax adviser' }, true],
  ['another role', { role: 'Clerk' }, false],
])('%s', (_, limit, through) => {
  expect(admits({ ...noLimits, ...limit }, expert('jm', 'Jürgen Müller'))).toBe(through);
});
