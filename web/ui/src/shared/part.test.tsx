import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { I18nextProvider } from 'react-i18next';
import { expect, test, vi } from 'vitest';
import { textsOf } from '../i18n';
import { en } from '../i18n/en';
import { part, usePreload, type PartFile } from './part';

const file: PartFile<object> = { default: () => <p>here it is</p>, build: __BUILD__ };

function show(load: () => Promise<PartFile<object>>, preload = false) {
  const Shown = part('one', load);
  const client = new QueryClient();
  const Place = ({ open }: { open: boolean }) => {
    usePreload(preload, Shown);
    return open && <Shown />;
  };
  const page = (open: boolean) => (
    <I18nextProvider i18n={textsOf('en', { en })}>
      <QueryClientProvider client={client}>
        <Place open={open} />
      </QueryClientProvider>
    </I18nextProvider>
  );
  const view = render(page(!preload));
  return { open: () => view.rerender(page(true)), user: userEvent.setup() };
}

test('while a part loads the page says so, and then it is there', async () => {
  let arrive: (file: PartFile<object>) => void = () => undefined;
  show(() => new Promise((resolve) => (arrive = resolve)));
  expect(screen.getByText('Loading …')).toBeInTheDocument();
  arrive(file);
  expect(await screen.findByText('here it is')).toBeInTheDocument();
});

test('a part that cannot be loaded is tried again on request', async () => {
  const load = vi.fn(async () => file).mockRejectedValueOnce(new TypeError('no network'));
  const { user } = show(load);
  expect(await screen.findByText('This part of the page could not be loaded.')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Reload the page' })).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('here it is')).toBeInTheDocument();
});

test.each([
  ['says that it is of another build', async () => ({ ...file, build: 'other' })],
  ['lacks a name that this build needs', () => Promise.reject(new SyntaxError('does not provide an export'))],
])('a part that %s is not shown: the page is to be reloaded', async (_, load) => {
  show(load);
  expect(await screen.findByText(/The service has been updated/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Reload the page' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
});

test('a part that was loaded before it is wanted is there at once', async () => {
  const load = vi.fn(async () => file);
  const { open } = show(load, true);
  await waitFor(() => expect(load).toHaveResolved());
  open();
  expect(screen.getByText('here it is')).toBeInTheDocument();
  expect(load).toHaveBeenCalledOnce();
});
