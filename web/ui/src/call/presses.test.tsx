import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { allow, consulting, interaction } from '../test/fixtures';
import { openPage } from '../test/page';

const held = (version: number) => interaction({ version, phase: 'held', actions: allow('resume', 'consult', 'end') });

/** A call on hold; Resume and Hold work and are answered. */
function openHeld() {
  const page = openPage((fake) => (fake.interactions = [held(1)]));
  page.service.on('POST /interactions/i1/resume', () => ({ json: interaction({ version: 2 }) }));
  page.service.on('POST /interactions/i1/hold', () => ({ json: held(3) }));
  return page;
}

/** A click, the nth of its series. */
const click = (button: HTMLElement, nth: number) => fireEvent.click(button, { detail: nth });

test('the second click of a double click on Resume does not take Hold, which is there by then', async () => {
  const { service } = openHeld();
  click(await screen.findByRole('button', { name: 'Resume' }), 1);
  const hold = await screen.findByRole('button', { name: 'Hold' });
  click(hold, 2);
  click(hold, 3);
  expect(service.requests('POST /interactions/i1/hold')).toHaveLength(0);
  click(hold, 1);
  await waitFor(() => expect(service.requests('POST /interactions/i1/hold')).toHaveLength(1));
});

test('a command that has come under the pointer of a double click is not taken', async () => {
  const { service } = openHeld();
  service.on('POST /interactions/i1/end', () => ({ json: interaction({ version: 2, phase: 'ended', actions: allow() }) }));
  const end = await screen.findByRole('button', { name: 'End call' });
  click(end.parentElement ?? end, 1);
  click(end, 2);
  expect(service.requests('POST /interactions/i1/end')).toHaveLength(0);
});

test('ending one call does not end the next one that takes its place', async () => {
  const { service } = openPage((fake) => (fake.interactions = [interaction(), interaction({ id: 'i2' })]));
  const over = interaction({ version: 2, phase: 'ended', actions: allow() });
  service.on('POST /interactions/i1/end', () => ({ json: over }));
  click(await screen.findByRole('button', { name: 'End call' }), 1);
  await waitFor(() => expect(screen.queryByRole('navigation', { name: 'Your calls' })).not.toBeInTheDocument());
  click(screen.getByRole('button', { name: 'End call' }), 2);
  expect(service.requests('POST /interactions/i2/end')).toHaveLength(0);
});

test('both clicks of a double click on one command mean that command', async () => {
  const { service } = openHeld();
  const resume = await screen.findByRole('button', { name: 'Resume' });
  service.on('POST /interactions/i1/resume', () => Promise.reject(new TypeError('no network')));
  click(resume, 1);
  await waitFor(() => expect(resume).toHaveAttribute('aria-busy', 'false'));
  const before = service.requests('POST /interactions/i1/resume').length;
  click(resume, 2);
  await waitFor(() => expect(service.requests('POST /interactions/i1/resume').length).toBeGreaterThan(before));
});

test('Enter that is held down takes a command once', async () => {
  openPage((fake) => (fake.interactions = [consulting()]));
  const resume = await screen.findByRole('button', { name: 'Resume' });
  expect(fireEvent.keyDown(resume, { key: 'Enter' }), 'the browser makes a click of it').toBe(true);
  expect(fireEvent.keyDown(resume, { key: 'Enter', repeat: true })).toBe(false);
  expect(fireEvent.keyDown(resume, { key: 'Tab', repeat: true }), 'other keys go their way').toBe(true);
});
