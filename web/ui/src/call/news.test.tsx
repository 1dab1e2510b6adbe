import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { allow, consult, consulting, interaction } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem, type FakeService } from '../test/service';

async function open(prepare: (service: FakeService) => void) {
  const page = openPage(prepare);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(page.service.listening).toBe(true));
  return page;
}

const said = () => screen.getByRole('status');

test('what becomes of a call is said in its own words, what was there before is not', async () => {
  const { service } = await open((fake) => (fake.interactions = [consulting()]));
  expect(said()).toBeEmptyDOMElement();
  service.put(consulting({ version: 5, phase: 'swapped', actions: allow('resumeExpert') }));
  await waitFor(() => expect(said()).toHaveTextContent('You are talking to the customer. Jürgen Müller is on hold.'));
});

test('a colleague who asks is heard of', async () => {
  const { service } = await open(() => undefined);
  service.put(consulting({ role: 'agent2', phase: 'consult_requested', actions: allow('accept', 'decline') }));
  await waitFor(() => expect(said()).toHaveTextContent('Anja Weber would like to consult you. The customer is on hold.'));
});

test('an offer that was withdrawn, and a consult that failed, come into places that are read out', async () => {
  const { service } = await open((fake) => (fake.interactions = [consulting({ role: 'agent2', phase: 'consult_requested' })]));
  let places = readOut();
  service.interactions = [];
  service.emit('interaction-gone', { id: 'i1', reason: 'withdrawn' });
  expect(places).toContain(placeOf(await screen.findByText('The consult request was withdrawn.')));

  service.put(interaction({ id: 'i2' }));
  await screen.findByRole('button', { name: 'Hold' });
  places = readOut();
  service.put(interaction({ id: 'i2', version: 2, phase: 'held', consult: consult({ state: 'failed', failure: 'busy' }) }));
  expect(places).toContain(placeOf(await screen.findByText(/Jürgen Müller was not reached/)));
});

test('so does a refusal', async () => {
  const { service, user } = await open((fake) => (fake.interactions = [consulting()]));
  service.on('POST /interactions/i1/transfer', () => problem('switch-failed', 502, { reason: 'busy' }));
  const places = readOut();
  await user.click(screen.getByRole('button', { name: 'Transfer' }));
  expect(places).toContain(placeOf(await screen.findByText(/The line was busy/)));
});

test('a lost line and its return are said once, without an age', async () => {
  const { service } = await open((fake) => (fake.interactions = [interaction()]));
  service.disconnect();
  await waitFor(() => expect(said()).toHaveTextContent('The connection to the service is lost. Your call goes on.'));
  service.connect();
  await waitFor(() => expect(said()).toHaveTextContent('The connection is back.'));
});

/** The places on the page whose changes are read out politely. */
const readOut = () => [...document.querySelectorAll('[aria-live="polite"]')];
const placeOf = (element: HTMLElement) => element.closest('[aria-live="polite"]');
