import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { allow, consult, consulting, interaction, wrappingUp } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem } from '../test/service';

describe('without a call', () => {
  test('Consult is disabled, can be reached and says why', async () => {
    openPage();
    const button = await screen.findByRole('button', { name: 'Consult' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAccessibleDescription('Possible only during an active call');
    button.focus();
    expect(button).toHaveFocus();
  });

  test('a call that arrives appears by itself', async () => {
    const { service } = openPage();
    await screen.findByText('No active call');
    await waitFor(() => expect(service.listening).toBe(true));
    service.put(interaction());
    expect(await screen.findByRole('heading', { name: '+4915112345' })).toBeVisible();
  });
});

describe('in a call', () => {
  test('the phase and who talks to whom are told in words', async () => {
    openPage((service) => (service.interactions = [consulting()]), 'de');
    expect(await screen.findByTestId('sentence')).toHaveTextContent('Sie sprechen mit Jürgen Müller. Der Kunde wird gehalten.');
    expect(screen.getByText('In Beratung')).toBeVisible();
    expect(document.documentElement.lang).toBe('de');
  });

  test('a customer who waits too long is told of, in the call and in the list of calls', async () => {
    const waiting = { number: '+4915112345', name: null, state: 'held', since: '2026-11-22T08:00:00.000Z', waits: true, holds: false } as const;
    const { service } = openPage((fake) => (fake.interactions = [interaction({ phase: 'held' })]));
    const said = within(await screen.findByTestId('sentence'));
    expect(said.queryByText('Has been waiting for long')).not.toBeInTheDocument();
    await waitFor(() => expect(service.listening).toBe(true));
    service.put(interaction({ version: 2, phase: 'held', customer: waiting }));
    expect(await said.findByText('Has been waiting for long')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('Has been waiting for long');
    service.put(interaction({ id: 'i2', phase: 'held', customer: waiting }));
    const list = within(await screen.findByRole('navigation', { name: 'Your calls' }));
    expect(list.getAllByText('Has been waiting for long')).toHaveLength(2);
  });

  test('a command shows that it runs, takes no second press and shows only what the service answered', async () => {
    const { service, user } = openPage((fake) => (fake.interactions = [interaction()]));
    let answer: (answer: { json: unknown }) => void = () => undefined;
    service.on('POST /interactions/i1/hold', () => new Promise((resolve) => (answer = resolve)));
    const hold = await screen.findByRole('button', { name: 'Hold' });
    await user.click(hold);
    expect(hold).toHaveAttribute('aria-busy', 'true');
    await user.click(hold);
    expect(service.requests('POST /interactions/i1/hold')).toHaveLength(1);
    expect(screen.getByTestId('sentence')).toHaveTextContent('You are talking to the customer.');

    answer({ json: interaction({ version: 2, phase: 'held', customer: { ...consulting().customer }, actions: allow('resume') }) });
    expect(await screen.findByRole('button', { name: 'Resume' })).toHaveAccessibleDescription('Back to the customer');
    expect(screen.getByTestId('sentence')).toHaveTextContent('The customer is on hold.');
  });

  test('every command carries an idempotency key, and a lost answer is asked for under the same one', async () => {
    const { service, user } = openPage((fake) => (fake.interactions = [interaction()]));
    service.on('POST /interactions/i1/hold', () => {
      if (service.requests('POST /interactions/i1/hold').length === 1) throw new TypeError('network');
      return { json: interaction({ version: 2, phase: 'held', actions: allow('resume') }) };
    });
    await user.click(await screen.findByRole('button', { name: 'Hold' }));
    await screen.findByRole('button', { name: 'Resume' });
    const keys = service.requests('POST /interactions/i1/hold').map(({ headers }) => headers.get('Idempotency-Key'));
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
  });

  test('a refusal is told in words and reads the call again', async () => {
    const { service, user } = openPage((fake) => (fake.interactions = [consulting()]));
    service.on('POST /interactions/i1/transfer', () => problem('switch-failed', 502, { reason: 'busy' }));
    await user.click(await screen.findByRole('button', { name: 'Transfer' }));
    expect(await screen.findByText(/The line was busy/)).toBeVisible();
    expect(screen.getByText(/Everything is as before/)).toBeVisible();
  });

  test('an older state that comes late changes nothing', async () => {
    const { service } = openPage((fake) => (fake.interactions = [consulting()]));
    await screen.findByText('Jürgen Müller: connected');
    service.emit('interaction', interaction({ version: 2 }));
    service.emit('interaction', consulting({ version: 5, consult: consult({ state: 'held' }) }));
    expect(await screen.findByText('Jürgen Müller: on hold')).toBeVisible();
  });

  test.each([
    ['consulting', consulting(), ['Resume', 'Transfer', 'Conference', 'End consult']],
    ['swapped', consulting({ phase: 'swapped', actions: allow('resumeExpert', 'transfer', 'conference', 'endConsult') }), ['Swap back', 'Transfer', 'Conference', 'End consult']],
    ['conferenced', consulting({ phase: 'conferenced', actions: allow('leave', 'end') }), ['Leave conference']],
    ['consulting as agent 2', consulting({ role: 'agent2', actions: allow('endConsult') }), ['Leave consult']],
  ])('the consult bar offers what belongs to %s', async (_, call, names) => {
    openPage((service) => (service.interactions = [call]));
    const bar = await screen.findByRole('region', { name: 'Consult' });
    const buttons = within(bar).getAllByRole('button');
    expect(buttons).toHaveLength(names.length);
    for (const name of names) expect(within(bar).getByRole('button', { name })).not.toHaveAttribute('aria-disabled', 'true');
  });

  test('why the last consult failed stays to be read, with what the person said', async () => {
    const failed = consult({ state: 'failed', failure: 'declined', note: 'in a meeting' });
    openPage((service) => (service.interactions = [interaction({ phase: 'held', consult: failed })]));
    expect(await screen.findByText(/Jürgen Müller was not reached/)).toBeVisible();
    expect(screen.getByText(/The request was declined. “in a meeting” The customer is still with you./)).toBeVisible();
  });
});

describe('an offer to agent 2', () => {
  const offer = consulting({ role: 'agent2', phase: 'consult_requested', actions: allow('accept', 'decline') });

  test('is declined with a reason', async () => {
    const { service, user } = openPage((fake) => (fake.interactions = [offer]));
    service.on('POST /interactions/i1/consult/decline', () => ({ json: interaction({ version: 9, role: 'agent2', phase: 'held' }) }));
    await user.type(await screen.findByRole('textbox', { name: 'Reason for declining (optional)' }), 'lunch');
    await user.click(screen.getByRole('button', { name: 'Decline' }));
    await waitFor(() => expect(service.requests('POST /interactions/i1/consult/decline')[0]?.body).toEqual({ reason: 'lunch' }));
  });

  test('goes away with the reason when it is withdrawn', async () => {
    const { service } = openPage((fake) => (fake.interactions = [offer]));
    await screen.findByRole('button', { name: 'Accept' });
    service.interactions = [];
    service.emit('interaction-gone', { id: 'i1', reason: 'withdrawn' });
    expect(await screen.findByText('The consult request was withdrawn.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Accept' })).not.toBeInTheDocument();
  });
});

describe('when the customer hangs up', () => {
  test('a dialog says so and the wrap-up takes the place of the call', async () => {
    const { service, user } = openPage((fake) => (fake.interactions = [consulting()]));
    await screen.findByText('Jürgen Müller: connected');
    service.put(wrappingUp());
    const dialog = await screen.findByRole('alertdialog', { name: 'The customer has hung up' });
    await user.click(within(dialog).getByRole('button', { name: 'OK' }));
    expect(await screen.findByRole('radio', { name: 'Request solved' })).toBeInTheDocument();
  });

  test('no dialog comes to whoever ended the call', async () => {
    const { service, user } = openPage((fake) => (fake.interactions = [interaction()]));
    service.on('POST /interactions/i1/end', () => ({ json: wrappingUp() }));
    await user.click(await screen.findByRole('button', { name: 'End call' }));
    await screen.findByRole('radio', { name: 'Request solved' });
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
  });
});

describe('without a connection', () => {
  test('a banner says so, commands say why they wait, and all comes back by itself', async () => {
    const { service } = openPage((fake) => (fake.interactions = [interaction()]));
    const hold = await screen.findByRole('button', { name: 'Hold' });
    await waitFor(() => expect(service.listening).toBe(true));
    service.disconnect();
    expect(await screen.findByText(/No connection to the service/)).toBeVisible();
    expect(hold).toHaveAttribute('aria-disabled', 'true');
    expect(hold).toHaveAccessibleDescription('Not possible: no connection to the service');
    service.connect();
    await waitFor(() => expect(hold).not.toHaveAttribute('aria-disabled', 'true'));
    expect(screen.queryByText(/No connection to the service/)).not.toBeInTheDocument();
  });
});
