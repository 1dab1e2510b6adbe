import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { consulting, dialCheck, expert, interaction, presence, session, wrappingUp } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem, type FakeService } from '../test/service';

const people = [expert('jm', 'Jürgen Müller'), expert('li', 'Lina Ivanova'), expert('mu', 'Muna Usman')];

async function openDialog(prepare: (service: FakeService) => void = () => undefined) {
  const page = openPage((service) => {
    service.interactions = [interaction()];
    service.experts = people;
    prepare(service);
  });
  const trigger = await screen.findByRole('button', { name: 'Consult' });
  await page.user.click(trigger);
  const dialog = await screen.findByRole('dialog', { name: 'Consult request' });
  return { ...page, trigger, dialog, inside: within(dialog) };
}

describe('the dialog', () => {
  test('opens with the keyboard in the search and gives it back to the button', async () => {
    const { inside, user, trigger } = await openDialog();
    await waitFor(() => expect(inside.getByRole('combobox', { name: 'Search experts' })).toHaveFocus());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    await waitFor(() => expect(trigger).toHaveFocus());
  });

  test('Escape empties a filled search first', async () => {
    const { inside, user, service } = await openDialog();
    const search = inside.getByRole('combobox', { name: 'Search experts' });
    await user.type(search, 'li');
    await user.keyboard('{Escape}');
    expect(search).toHaveValue('');
    expect(screen.getByRole('dialog')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(service.requests('POST /interactions/i1/end')).toHaveLength(0);
  });

  test('has five tabs that arrows go through', async () => {
    const { inside, user } = await openDialog();
    const names = ['Agent', 'Queue', 'Organization', 'Entry point', 'Dial number'];
    for (const [position, tab] of inside.getAllByRole('tab').entries()) expect(tab).toHaveTextContent(names[position] ?? '');
    expect(inside.getByRole('tab', { name: /Organization/ })).toHaveAttribute('aria-selected', 'true');
    const queue = inside.getByRole('tab', { name: /Queue/ });
    await user.click(queue);
    expect(await inside.findByRole('listbox', { name: 'Queues' })).toBeInTheDocument();
    expect(queue).toHaveFocus();
  });

  test('goes away when the customer hangs up', async () => {
    const { service } = await openDialog();
    service.put(wrappingUp());
    await screen.findByRole('alertdialog', { name: 'The customer has hung up' });
    expect(screen.queryByRole('dialog', { name: 'Consult request' })).not.toBeInTheDocument();
  });
});

describe('experts', () => {
  test('are chosen by arrow keys and consulted by Enter', async () => {
    const { inside, user, service } = await openDialog();
    service.on('POST /interactions/i1/consult', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    await inside.findByRole('option', { name: /Jürgen Müller/ });
    await waitFor(() => expect(inside.getByRole('combobox', { name: 'Search experts' })).toHaveFocus());
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(inside.getByRole('option', { name: /Lina Ivanova/ })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'organization', id: 'li' } });
  });

  test('are not consulted by Enter while another question is under way', async () => {
    const { inside, user, service } = await openDialog();
    const listed = (...experts: typeof people) => ({ json: { experts, next: null, total: experts.length, checked: null, directory: { syncedAt: null, ageSeconds: null, source: 'index' } } });
    let answer: (answer: object) => void = () => undefined;
    service.on('POST /interactions/i1/consult', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    await user.click(await inside.findByRole('option', { name: /Lina Ivanova/ }));
    service.on('GET /experts', () => new Promise((resolve) => (answer = resolve)));
    const search = inside.getByRole('combobox', { name: 'Search experts' });
    fireEvent.change(search, { target: { value: 'u' } });
    fireEvent.keyDown(search, { key: 'Enter' });
    await waitFor(() => expect(service.requests('GET /experts').at(-1)?.query.get('q')).toBe('u'));
    fireEvent.keyDown(search, { key: 'Enter' });
    answer(listed(expert('mu', 'Muna Usman'), expert('li', 'Lina Ivanova')));
    await waitFor(() => expect(inside.getAllByRole('option')).toHaveLength(2));
    expect(service.requests('POST /interactions/i1/consult')).toHaveLength(0);
    fireEvent.keyDown(search, { key: 'Enter' });
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'organization', id: 'li' } }));
  });

  test('are consulted by Enter once they were chosen, even while the answer to what was typed is under way', async () => {
    const { inside, user, service } = await openDialog();
    service.on('POST /interactions/i1/consult', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    await user.click(await inside.findByRole('option', { name: /Lina Ivanova/ }));
    service.on('GET /experts', () => new Promise(() => undefined));
    const search = inside.getByRole('combobox', { name: 'Search experts' });
    fireEvent.change(search, { target: { value: 'mu' } });
    fireEvent.keyDown(search, { key: 'ArrowDown' });
    expect(inside.getByRole('option', { name: /Muna Usman/ })).toHaveAttribute('aria-selected', 'true');
    fireEvent.keyDown(search, { key: 'Enter' });
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'organization', id: 'mu' } }));
  });

  test('are searched once typing rests, and the number found is announced', async () => {
    const { inside, service, dialog } = await openDialog();
    await inside.findByText(/3 experts found/, { selector: 'p' });
    const search = inside.getByRole('combobox', { name: 'Search experts' });
    // At once: on a busy machine whole keystrokes would be longer than a rest.
    for (const value of ['m', 'mu', 'mun', 'muna']) fireEvent.change(search, { target: { value } });
    await waitFor(() => expect(within(dialog).getByRole('status')).toHaveTextContent('1 expert found'));
    expect(inside.getAllByRole('option')).toHaveLength(1);
    const asked = service.requests('GET /experts').map(({ query }) => query.get('q'));
    expect(asked.filter((q, position) => q !== asked[position - 1]), 'the list is read again every 30 s').toEqual(['', 'muna']);
  });

  test('keep the selection when their presence is refreshed', async () => {
    const { inside, user, service } = await openDialog();
    service.on('POST /experts/presence/refresh', () => ({
      json: { presences: [{ id: 'li', ...presence({ availability: 'busy', activity: 'inACall', observedAt: '2026-11-22T09:00:00.000Z' }) }], failed: [] },
    }));
    await user.click(await inside.findByRole('option', { name: /Lina Ivanova/ }));
    await user.click(inside.getByRole('button', { name: 'Refresh' }));
    const row = await inside.findByRole('option', { name: /Lina Ivanova.*In a call/ });
    expect(row).toHaveAttribute('aria-selected', 'true');
    expect(service.requests('POST /experts/presence/refresh')[0]?.body).toEqual({ ids: ['jm', 'li', 'mu'] });
  });

  test('whose presence is not known are never shown as offline', async () => {
    const unknown = presence({ availability: 'unknown', activity: null, observedAt: null, ageSeconds: null, reason: 'throttled' });
    const { inside } = await openDialog((service) => (service.experts = [expert('jm', 'Jürgen Müller', { presence: unknown })]));
    expect(await inside.findByRole('option', { name: /Status unknown/ })).toBeVisible();
  });

  test('with an old presence are marked', async () => {
    const { inside } = await openDialog((service) => {
      service.experts = [expert('jm', 'Jürgen Müller', { presence: presence({ stale: true }) })];
    });
    expect(await inside.findByRole('option', { name: /Available old/ })).toBeVisible();
  });

  test('on screen are watched', async () => {
    const { service, inside } = await openDialog();
    await inside.findByRole('option', { name: /Jürgen Müller/ });
    await waitFor(() => expect(service.requests('PUT /events/s1/watch').at(-1)?.body).toEqual({ ids: ['jm', 'li', 'mu'] }));
    service.emit('presence', { presences: [{ id: 'jm', ...presence({ availability: 'away', activity: 'away', observedAt: '2026-11-22T09:00:00.000Z' }) }] });
    expect(await inside.findByRole('option', { name: /Jürgen Müller.*Away/ })).toBeVisible();
  });

  test('by an incomplete phone number: the complete one is asked for', async () => {
    const { inside, user } = await openDialog((service) => {
      service.on('GET /experts', ({ query }) =>
        query.get('q') === '' ? { json: { experts: [], next: null, total: 0, checked: null, directory: { syncedAt: null, ageSeconds: null, source: 'index' } } } : problem('phone-incomplete', 422),
      );
    });
    const places = [...document.querySelectorAll('[aria-live="polite"]')];
    await user.type(inside.getByRole('combobox', { name: 'Search experts' }), '+4930');
    const words = await inside.findByText('Please enter the complete phone number.');
    expect(words).toBeVisible();
    expect(places, 'read out').toContain(words.closest('[aria-live="polite"]'));
  });

  test('are not consulted without sign-on, and the tab says who can change that', async () => {
    const { inside, user } = await openDialog((service) => {
      service.session = session({ sso: { state: 'disabled', detail: '', actor: 'admin', action: null } });
    });
    expect(inside.getByText(/Single sign-on is switched off for your organisation/)).toBeVisible();
    expect(inside.getByText(/The administrator of your organisation can change this/)).toBeVisible();
    await user.click(await inside.findByRole('option', { name: /Jürgen Müller/ }));
    expect(inside.getByRole('button', { name: 'Consult' })).toHaveAccessibleDescription('Needs Microsoft sign-on for your organisation');
  });

  test('an administrator gets the way to the switch', async () => {
    const { inside } = await openDialog((service) => {
      service.session = session({
        agent: { ...session().agent, roles: ['Agent', 'Admin'] },
        sso: { state: 'consent-required', detail: '', actor: 'admin', action: null },
      });
    });
    expect(inside.getByRole('link', { name: 'Open administration' })).toHaveAttribute('href', '#/admin');
  });
});

describe('other targets', () => {
  test('an agent is consulted', async () => {
    const { inside, user, service } = await openDialog((fake) => {
      fake.targets['agents'] = [{ kind: 'agent', id: 'ben', name: 'Ben Kaya', number: '+49301002', state: 'available' }];
    });
    service.on('POST /interactions/i1/consult', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    await user.click(inside.getByRole('tab', { name: /Agent/ }));
    await user.click(await inside.findByRole('option', { name: /Ben Kaya.*Available/ }));
    await user.click(inside.getByRole('button', { name: 'Consult' }));
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'agent', id: 'ben' } }));
  });

  test('a queue can be handed the call directly', async () => {
    const { inside, user, service } = await openDialog((fake) => {
      fake.targets['queues'] = [{ kind: 'queue', id: 'q1', name: 'Billing', number: null, state: null }];
    });
    service.on('POST /interactions/i1/transfer', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    await user.click(inside.getByRole('tab', { name: /Queue/ }));
    await user.click(await inside.findByRole('option', { name: /Billing/ }));
    await user.click(inside.getByRole('button', { name: 'Transfer directly' }));
    await waitFor(() => expect(service.requests('POST /interactions/i1/transfer')[0]?.body).toEqual({ target: { kind: 'queue', id: 'q1' } }));
  });
});

describe('a dial number', () => {
  async function openDial(check = dialCheck()) {
    const page = await openDialog((service) => service.on('POST /dial-number/check', () => ({ json: check })));
    await page.user.click(page.inside.getByRole('tab', { name: /Dial number/ }));
    const field = await page.inside.findByRole('textbox', { name: 'Number' });
    page.service.on('POST /interactions/i1/consult', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    return { ...page, field };
  }

  test('is cleaned at paste, says what was removed, and the service reads the original', async () => {
    const { field, inside, user, service } = await openDial(dialCheck({ removed: ['(', ')', ' ', '-'] }));
    await user.click(field);
    await user.paste('+1 (201) 553-2447');
    expect(field).toHaveValue('+12015532447');
    expect(await inside.findByText(/Will be dialled: \+12015532447/)).toBeVisible();
    expect(inside.getByText('Removed: ( ) space -', { normalizer: (text) => text.replace(/\s+/g, ' ') })).toBeVisible();
    expect(inside.getByText(/US format · Country: United States/)).toBeVisible();
    expect(service.requests('POST /dial-number/check').at(-1)?.body).toEqual({ input: '+1 (201) 553-2447' });
    await user.keyboard('{Enter}');
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'dialNumber', number: '+12015532447' } }));
  });

  test('that is too short says how many digits there are', async () => {
    const { field, inside, user } = await openDial(dialCheck({ valid: false, dialable: null, digits: 2, format: null, problem: 'too-short' }));
    await user.type(field, '12');
    expect(await inside.findByText('2 digits found; at least 3 are needed.')).toBeVisible();
    expect(inside.getByRole('button', { name: 'Consult' })).toHaveAccessibleDescription('Enter a valid number first');
  });

  test('whose check failed is not called wrong, and can be checked once more', async () => {
    const { field, inside, user, service } = await openDial();
    service.on('POST /dial-number/check', () => problem('internal', 500));
    await user.type(field, '4711');
    const again = await inside.findByRole('button', { name: 'Try again' });
    expect(inside.getByRole('button', { name: 'Consult' })).toHaveAccessibleDescription('The number has to be checked first');
    service.on('POST /dial-number/check', () => ({ json: dialCheck({ dialable: '4711', digits: 4, format: 'internal', country: null }) }));
    await user.click(again);
    expect(await inside.findByText(/Will be dialled: 4711/)).toBeVisible();
  });

  test('that can be read in two ways is not dialled before one is chosen', async () => {
    const { field, inside, user, service } = await openDial();
    service.on('POST /dial-number/check', ({ body }) => ({
      json: (body as { input: string }).input === '4930123'
        ? dialCheck({ dialable: '4930123', format: 'national' })
        : dialCheck({ valid: false, dialable: null, ambiguous: true, problem: 'ambiguous', readings: ['4930123', '493012356'] }),
    }));
    await user.click(field);
    await user.paste('4930123 ext. 56');
    await user.click(await inside.findByRole('radio', { name: '4930123' }));
    await waitFor(() => expect(inside.getByRole('button', { name: 'Consult' })).not.toHaveAttribute('aria-disabled', 'true'));
    await user.click(inside.getByRole('button', { name: 'Consult' }));
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'dialNumber', number: '4930123' } }));
  });

  test('of an emergency service has to be confirmed', async () => {
    const { field, inside, user, service } = await openDial(dialCheck({ dialable: '112', digits: 3, format: 'internal', emergency: true }));
    await user.type(field, '112');
    const confirm = await inside.findByRole('checkbox', { name: 'Yes, really call 112' });
    expect(inside.getByRole('button', { name: 'Consult' })).toHaveAccessibleDescription('Confirm the emergency call first');
    await user.click(confirm);
    await user.click(inside.getByRole('button', { name: 'Consult' }));
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'dialNumber', number: '112', confirm: true } }));
  });
});
