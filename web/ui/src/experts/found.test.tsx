import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { expert, interaction } from '../test/fixtures';
import { openPage } from '../test/page';

const people = ['Anna', 'Bela', 'Cem', 'Dora', 'Emil', 'Fee', 'Gus'].map((name) => expert(name, `${name} Muster`));

test('are counted in words, none and one too', async () => {
  const { user } = openPage((service) => {
    service.interactions = [interaction()];
    service.experts = people;
  }, 'de');
  await user.click(await screen.findByRole('button', { name: 'Konsultieren' }));
  const search = await screen.findByRole('combobox', { name: 'Fachexperten suchen' });
  const said = within(screen.getByRole('dialog', { name: 'Beratungs-Anforderung' })).getByRole('status');
  await waitFor(() => expect(said).toHaveTextContent('7 Fachexperten gefunden'));
  expect(said).toHaveAttribute('aria-live', 'polite');
  await user.type(search, 'gus');
  await waitFor(() => expect(said).toHaveTextContent('1 Fachexperte gefunden'));
  await user.type(search, 'x');
  await waitFor(() => expect(said).toHaveTextContent('Keine Fachexperten gefunden'));
});

test('neither timers nor ages are read out', async () => {
  const { user } = openPage((service) => {
    service.interactions = [interaction()];
    service.experts = people;
  });
  for (const timer of await screen.findAllByRole('timer')) expect(timer).toHaveAttribute('aria-live', 'off');
  await user.click(screen.getByRole('button', { name: 'Consult' }));
  const row = await screen.findByRole('option', { name: /Anna Muster/ });
  for (const age of within(row).getAllByText(/^· \d+ (s|min|h)/)) expect(age).toHaveAttribute('aria-hidden', 'true');
});
