import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { expert, interaction, presence } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem, type FakeService } from '../test/service';

const people = [expert('jm', 'Jürgen Müller'), expert('li', 'Lina Ivanova', { presence: presence({ availability: 'busy', activity: 'busy' }) }), expert('mu', 'Muna Usman')];

async function openExperts(prepare: (service: FakeService) => void = () => undefined) {
  const page = openPage((service) => {
    service.interactions = [interaction()];
    service.experts = people;
    prepare(service);
  });
  await page.user.click(await screen.findByRole('button', { name: 'Consult' }));
  const inside = within(await screen.findByRole('dialog', { name: 'Consult request' }));
  return { ...page, inside };
}

test('whoever is chosen is marked by the keyboard, which everybody hears, and unmarked again', async () => {
  const { inside, user, service } = await openExperts();
  await inside.findByRole('option', { name: /Lina Ivanova/ });
  const star = inside.getByRole('button', { name: 'Favourite' });
  expect(star).toHaveAttribute('aria-disabled', 'true');
  await waitFor(() => expect(inside.getByRole('combobox', { name: 'Search experts' })).toHaveFocus());
  await user.keyboard('{ArrowDown}{ArrowDown}');
  await user.click(star);
  await waitFor(() => expect(star).toHaveAttribute('aria-pressed', 'true'));
  expect(service.favourites).toEqual(['li']);
  expect(inside.getByRole('option', { name: /Favourite.*Lina Ivanova/ })).toBeVisible();
  expect(inside.getByRole('status')).toHaveTextContent('Lina Ivanova is a favourite now.');
  await user.click(star);
  await waitFor(() => expect(star).toHaveAttribute('aria-pressed', 'false'));
  expect(service.favourites).toEqual([]);
});

test('the star in a row marks by the mouse', async () => {
  const { inside, user, service } = await openExperts();
  const row = await inside.findByRole('option', { name: /Muna Usman/ });
  await user.click(within(row).getByTestId('star'));
  await waitFor(() => expect(service.favourites).toEqual(['mu']));
});

test('a mark that the service refuses is not shown, and why', async () => {
  const { inside, user } = await openExperts((service) => service.on('PUT /experts/favourites/jm', () => problem('storage-unavailable', 503)));
  await user.click(within(await inside.findByRole('option', { name: /Jürgen Müller/ })).getByTestId('star'));
  expect(await inside.findByText(/cannot store/i)).toBeVisible();
  expect(inside.queryByRole('option', { name: /Favourite/ })).not.toBeInTheDocument();
});

test('favourites are a list by name, whose presence is watched; typing searches everybody', async () => {
  const { inside, user, service } = await openExperts((service) => (service.favourites = ['mu', 'li']));
  await user.click(inside.getByRole('radio', { name: 'Favourites' }));
  await waitFor(() => expect(inside.getAllByRole('option').map((row) => row.textContent)).toEqual([expect.stringMatching(/Lina/), expect.stringMatching(/Muna/)]));
  expect(inside.getByText('2 favourites', { selector: 'p' })).toBeVisible();
  await waitFor(() => expect(service.requests('PUT /events/s1/watch').at(-1)?.body).toEqual({ ids: ['li', 'mu'] }));
  await user.click(inside.getByRole('switch', { name: 'Only available' }));
  expect(inside.getAllByRole('option')).toHaveLength(1);
  await user.type(inside.getByRole('combobox', { name: 'Search experts' }), 'jür');
  expect(await inside.findByRole('option', { name: /Jürgen Müller/ })).toBeVisible();
  expect(inside.getByRole('radio', { name: 'Everybody' })).toBeChecked();
  await user.keyboard('{Escape}');
  expect(inside.getByRole('radio', { name: 'Favourites' })).toBeChecked();
});

test('favourites of another department than the one that is wanted are not called unavailable', async () => {
  const { inside, user } = await openExperts((service) => {
    service.favourites = ['jm'];
    service.on('GET /experts/labels', () => ({ json: { departments: [{ name: 'Law', experts: 1 }], roles: [] } }));
  });
  await user.click(inside.getByRole('radio', { name: 'Favourites' }));
  await user.selectOptions(await inside.findByRole('combobox', { name: 'Department' }), 'Law (1)');
  expect(await inside.findByText(/Nobody is within this choice/)).toBeVisible();
});

test('favourites who have left the directory are counted and can be removed', async () => {
  const { inside, user, service } = await openExperts((service) => (service.favourites = ['gone', 'jm']));
  await user.click(inside.getByRole('radio', { name: 'Favourites' }));
  expect(await inside.findByText(/1 favourite is not in the directory at present/)).toBeVisible();
  await user.click(inside.getByRole('button', { name: 'Remove from the favourites' }));
  await waitFor(() => expect(service.favourites).toEqual(['jm']));
  await waitFor(() => expect(inside.queryByText(/not in the directory/)).not.toBeInTheDocument());
});

test('recents come as the service orders them; none says so', async () => {
  const { inside, user, service } = await openExperts((service) => (service.recents = ['mu', 'jm']));
  await user.click(inside.getByRole('radio', { name: 'Recent' }));
  await waitFor(() => expect(inside.getAllByRole('option').map((row) => row.textContent)).toEqual([expect.stringMatching(/Muna/), expect.stringMatching(/Jürgen/)]));
  service.recents = [];
  await user.click(inside.getByRole('radio', { name: 'Favourites' }));
  expect(await inside.findByText(/No favourites yet/)).toBeVisible();
});

test('a directory that is still being read says how far it is, and answers by itself afterwards', async () => {
  const { inside, service } = await openExperts((service) => service.on('GET /experts', () => problem('directory-unavailable', 503)));
  await waitFor(() => expect(service.listening).toBe(true));
  service.emit('directory', { ready: false, people: 12_000, reading: { people: 12_000, expected: 40_000, secondsLeft: 65 } });
  expect(await inside.findByText('The directory is being read: 12,000 of about 40,000 people, 65 s left.')).toBeVisible();
  service.on('GET /experts', () => ({ json: page() }));
  service.emit('directory', { ready: true, people: 40_000, reading: null });
  expect(await inside.findByRole('option', { name: /Jürgen Müller/ })).toBeVisible();
});

test('what keeps the list from being complete or new is said in a quiet line', async () => {
  const { inside } = await openExperts((service) => {
    const throttled = expert('jm', 'Jürgen Müller', { presence: presence({ availability: 'unknown', observedAt: null, reason: 'throttled' }) });
    service.on('GET /experts', () => ({
      json: { ...page(), experts: [throttled], directory: { syncedAt: null, ageSeconds: null, source: 'live', error: 'throttled', cannotFind: ['later-words', 'new-one'] } },
    }));
  });
  expect(await inside.findByText(/Searched at Microsoft just now/)).toBeVisible();
  expect(inside.getByText(/This search may miss: words inside a role .*; everybody whom/)).toBeVisible();
  expect(inside.getByText(/Microsoft is throttling; changes in the directory come later/)).toBeVisible();
  expect(inside.getByText(/Microsoft is throttling; presence comes later/)).toBeVisible();
});

function page() {
  return { experts: people, next: null, total: people.length, checked: null, directory: { syncedAt: null, ageSeconds: null, source: 'index', error: null, cannotFind: [] } };
}
