// Shows every leg of the simulated telephone network and lets a person act on it.
import { words } from './words.js';

const REFRESH_MS = 1000;
const RINGING_ACTS = ['answer', 'decline', 'busy', 'no-answer', 'voicemail'];
const PARTY_WORD = { customer: 'customer', agent: 'agentParty', consulted: 'consulted' };
const HEARD_WORD = { customer: 'hearsCustomer', agent: 'hearsAgent', consulted: 'hearsConsulted' };

const byId = (id) => document.getElementById(id);
let language = localStorage.getItem('language') ?? (navigator.language.startsWith('de') ? 'de' : 'en');
let shown = '';
let world;

const text = (key, values = {}) =>
  words[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

async function request(method, path, body) {
  const response = await fetch(path, { method, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title);
  return answer;
}

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function say(key, values) {
  byId('message').textContent = key ? text(key, values) : '';
}

async function act(line, name) {
  say();
  try {
    await request('POST', `/_control/calls/${encodeURIComponent(line.interaction)}/${line.party}/${name}`);
  } catch (error) {
    say('failed', { why: error.message });
  }
  await refresh();
}

function hearing(line) {
  if (line.state === 'ringing') return '';
  if (line.music) return text('music');
  if (line.hears.length === 0) return text('silence');
  return text('hears', { who: line.hears.map((party) => text(HEARD_WORD[party])).join(text('and')) });
}

function tile(line) {
  const buttons = (line.state === 'ringing' ? RINGING_ACTS : ['hangup']).map((name) =>
    element('button', {
      type: 'button',
      className: name === 'answer' ? 'primary' : name === 'hangup' ? 'danger' : '',
      textContent: text(name),
      onclick: () => act(line, name),
    }));
  const label = [line.name, line.number].filter(Boolean).join(' · ');
  return element('article', { className: `leg ${line.state}${line.music ? ' held' : ''}` },
    element('div', { className: 'who' },
      element('h4', { textContent: text(PARTY_WORD[line.party]) }),
      element('span', { className: 'state', textContent: text(line.state) })),
    element('p', { className: 'number', textContent: label || '–' }),
    element('p', { className: 'hearing', textContent: hearing(line) }),
    element('div', { className: 'buttons' }, ...buttons));
}

function render(lines) {
  const order = { customer: 0, agent: 1, consulted: 2 };
  const calls = Map.groupBy(lines, (line) => line.interaction);
  byId('none').hidden = calls.size > 0;
  byId('calls').replaceChildren(...[...calls].map(([id, legs]) =>
    element('section', { className: 'panel call' },
      element('h3', { textContent: text('call', { id }) }),
      element('div', { className: 'legs' }, ...legs.sort((a, b) => order[a.party] - order[b.party]).map(tile)))));
}

async function refresh() {
  try {
    const { lines } = await request('GET', '/_control/lines');
    const now = language + JSON.stringify(lines);
    if (now !== shown) { // keeps the focus where it is while nothing changes
      shown = now;
      render(lines);
    }
    if (byId('message').dataset.lost) {
      delete byId('message').dataset.lost;
      say();
    }
  } catch {
    byId('message').dataset.lost = 'yes';
    say('lost');
  }
}

function renderWorld() {
  const agents = [
    ...world.users.filter((user) => user.number),
    ...world.contactCentre.users.filter((user) => !world.users.some((other) => other.id === user.id)),
    ...world.organizations.flatMap((organization) => organization.users.filter((user) => user.number)),
  ];
  byId('agent').replaceChildren(...agents.map((agent) => element('option', { value: agent.id, textContent: agent.name })));
  const row = (user, role) => element('tr', {},
    ...[user.name, user.username, user.password, role].map((value) => element('td', { textContent: value })));
  byId('people').replaceChildren(
    ...world.users.map((user) => row(user, user.roles.join(', '))),
    ...world.contactCentre.users.map((user) => row(user, text('ownProvider'))));
  byId('product').href = world.service.url;
}

function speak() {
  document.documentElement.lang = language;
  document.title = `teamsbridge – ${text('title')}`;
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = text(node.dataset.text);
  byId('language').textContent = text('otherLanguage');
  byId('language').lang = language === 'de' ? 'en' : 'de';
  if (world) renderWorld();
}

byId('language').addEventListener('click', () => {
  language = language === 'de' ? 'en' : 'de';
  localStorage.setItem('language', language);
  speak();
  refresh();
});

byId('call').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const { interaction } = await request('POST', '/_control/calls', { agent: byId('agent').value, from: byId('from').value });
    say('started', { id: interaction });
  } catch (error) {
    say('failed', { why: error.message });
  }
  await refresh();
});

speak();
world = await request('GET', '/_control/world');
speak();
await refresh();
setInterval(refresh, REFRESH_MS);
