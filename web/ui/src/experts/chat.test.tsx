import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ApiProblem } from '../api/problem';
import { expert, interaction } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem, type FakeService } from '../test/service';

const people = [expert('jm', 'Jürgen Müller'), expert('li', 'Lina Ivanova')];

async function openExperts(openLink?: (url: string) => Promise<void>, prepare: (service: FakeService) => void = () => undefined) {
  const page = openPage(
    (service) => {
      service.interactions = [interaction()];
      service.experts = people;
      prepare(service);
    },
    'en',
    openLink ? { openLink } : null,
  );
  await page.user.click(await screen.findByRole('button', { name: 'Consult' }));
  const inside = within(await screen.findByRole('dialog', { name: 'Consult request' }));
  await inside.findByRole('option', { name: /Lina Ivanova/ });
  return { ...page, inside };
}

const text = 'Hello, this is Anja Weber from the contact centre. I have somebody on the line and would like to consult you briefly. Is now a good time?';
const chatWith = (id: string) => `https://teams.microsoft.com/l/chat/0/0?users=${id}%40example.com&message=${encodeURIComponent(text)}`;

test('in the browser the chat is a link of its own window, with a first line that says who asks and nothing of the customer', async () => {
  const { inside, user, service } = await openExperts();
  expect(inside.getByRole('button', { name: 'Chat in Teams' })).toHaveAccessibleDescription('Choose an entry of the list first');
  await user.click(inside.getByRole('option', { name: /Lina Ivanova/ }));
  const link = await inside.findByRole('link', { name: 'Chat in Teams' });
  expect(link).toHaveAttribute('href', chatWith('li'));
  expect(link).toHaveAttribute('target', '_blank');
  expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  expect(link.getAttribute('href')).not.toContain('4915112345');
  expect(service.requests('GET /experts/jm/chat'), 'asked only for who is chosen').toEqual([]);
});

test('inside Teams the chat opens there', async () => {
  const opened: string[] = [];
  const { inside, user } = await openExperts(async (url) => void opened.push(url));
  await user.click(inside.getByRole('option', { name: /Jürgen Müller/ }));
  const button = inside.getByRole('button', { name: 'Chat in Teams' });
  await waitFor(() => expect(button).toHaveAccessibleDescription('Opens a chat; nothing is sent before you do'));
  await user.click(button);
  await waitFor(() => expect(opened).toEqual([chatWith('jm')]));
});

test('a chat that Teams does not open says so and can be tried again', async () => {
  let times = 0;
  const { inside, user } = await openExperts(async () => {
    if (times++ === 0) throw new ApiProblem('teams-link', 0, { reason: 'unknown' });
  });
  await user.click(inside.getByRole('option', { name: /Jürgen Müller/ }));
  const button = inside.getByRole('button', { name: 'Chat in Teams' });
  await waitFor(() => expect(button).toHaveAccessibleDescription(/Opens a chat/));
  await user.click(button);
  await waitFor(() => expect(button).toHaveAccessibleDescription('Teams did not open it. Please try again.'));
  await user.click(inside.getByRole('option', { name: /Lina Ivanova/ }));
  await waitFor(() => expect(button, 'of somebody else').toHaveAccessibleDescription(/Opens a chat/));
  await user.click(inside.getByRole('option', { name: /Jürgen Müller/ }));
  await waitFor(() => expect(button).toHaveAccessibleDescription(/Teams did not open it/));
  await user.click(button);
  await waitFor(() => expect(button).toHaveAccessibleDescription(/Opens a chat/));
});

test('while Microsoft is away the chat says why not; consulting goes on', async () => {
  const { inside, user } = await openExperts(undefined, (service) => service.on('GET /experts/jm/chat', () => problem('directory-unavailable', 503)));
  await user.click(inside.getByRole('option', { name: /Jürgen Müller/ }));
  await waitFor(() => expect(inside.getByRole('button', { name: 'Chat in Teams' })).toHaveAccessibleDescription(/directory is not available/));
  expect(inside.getByRole('button', { name: 'Consult' })).toBeEnabled();
});
