import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { consulting, interaction, wrappingUp } from '../test/fixtures';
import { openPage } from '../test/page';

describe('shortcuts', () => {
  test.each([
    ['h', interaction(), 'Hold'],
    ['k', interaction(), 'Consult'],
    ['b', consulting(), 'Resume'],
    ['v', interaction(), 'History of the call'],
  ])('%s takes the keyboard to its place and does nothing else', async (key, call, name) => {
    const { service, user } = openPage((fake) => (fake.interactions = [call]));
    const target = await screen.findByRole('button', { name });
    await user.keyboard(key);
    expect(target).toHaveFocus();
    expect(service.asked.filter(({ method, path }) => method === 'POST' && path.startsWith('/interactions'))).toEqual([]);
  });

  test('n goes to the reasons of a wrap-up, a to the call, s to the status', async () => {
    const { user } = openPage((fake) => (fake.interactions = [wrappingUp()]));
    const reason = await screen.findByRole('radio', { name: 'Request solved' });
    await user.keyboard('n');
    expect(reason).toHaveFocus();
    await user.keyboard('a');
    expect(screen.getByRole('heading', { name: 'Wrap-up' })).toHaveFocus();
    await user.keyboard('s');
    expect(screen.getByRole('combobox', { name: 'Your status' })).toHaveFocus();
  });

  test('what is not on the page is said', async () => {
    const { user } = openPage();
    await screen.findByText('No active call');
    await user.keyboard('h');
    expect(screen.getByRole('status')).toHaveTextContent('Not on the page at present: To Hold or Resume');
  });

  test('letters in a field, with a modifier or in a dialog are not shortcuts', async () => {
    const { user } = openPage((fake) => (fake.interactions = [wrappingUp()]));
    const note = await screen.findByRole('textbox', { name: 'Note (optional)' });
    await user.type(note, 'has?');
    expect(note).toHaveValue('has?');
    expect(note).toHaveFocus();
    screen.getByRole('radio', { name: 'Call back' }).focus();
    await user.keyboard('{Control>}s{/Control}{Alt>}s{/Alt}');
    expect(screen.getByRole('radio', { name: 'Call back' })).toHaveFocus();
    await user.keyboard('?');
    await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    await user.keyboard('s');
    // A dialog is hidden from assistive technology until the keyboard is known to be in it.
    await waitFor(() => expect(screen.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainElement(document.activeElement as HTMLElement));
  });

  test('the list opens with ?, names every letter, and gives the keyboard back', async () => {
    const { user } = openPage();
    await screen.findByText('No active call');
    await user.keyboard('?');
    const dialog = within(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' }));
    const keys = within(await dialog.findByRole('table', { name: 'Keyboard shortcuts' })).getAllByRole('rowheader').map((cell) => cell.textContent);
    expect(keys).toEqual(['?', 'A', 'H', 'K', 'B', 'N', 'V', 'L', 'S']);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(screen.getByRole('button', { name: 'Keyboard shortcuts' })).toHaveFocus();
  });

  test('can be switched off, also for the next time', async () => {
    const first = openPage();
    await first.user.click(await screen.findByRole('button', { name: 'Keyboard shortcuts' }));
    await first.user.click(await screen.findByRole('switch', { name: 'Single letters as shortcuts' }));
    await first.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    first.unmount();
    const { user } = openPage((fake) => (fake.interactions = [interaction()]));
    const hold = await screen.findByRole('button', { name: 'Hold' });
    await user.keyboard('h?');
    expect(hold).not.toHaveFocus();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});
