import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// The package that `teamsbridge teams-app build` writes for an example; a Go
// test beside these files keeps them so. Microsoft's schema comes from its own
// package, so nothing is fetched.
const ours = join(import.meta.dirname, '../../../../configs/teamsapp/testdata');
const microsofts = join(import.meta.dirname, '../../node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.30');

type Json = Record<string, unknown>;

function read(file: string, folder: string): Json {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
}

/** Microsoft's schemas say draft 4, of which they use nothing that later drafts read otherwise. */
function schema(file: string): ValidateFunction {
  const { $schema: draft, ...rest } = read(file, microsofts);
  expect(draft).toContain('draft-04');
  // Some of Microsoft's patterns are none in Unicode mode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(rest);
}

const manifest = read('manifest.json', ours);
const words = read('de.json', ours);
const ofManifests = schema('MicrosoftTeams.schema.json');
const ofWords = schema('MicrosoftTeams.Localization.schema.json');

test('the manifest is one by Microsoft’s schema', () => {
  ofManifests(manifest);
  expect(ofManifests.errors).toBeNull();
});

test('so are its German words', () => {
  ofWords(words);
  expect(ofWords.errors).toBeNull();
});

test('the manifest names the schema that it is held against', () => {
  expect(manifest).toMatchObject({
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json',
    manifestVersion: '1.30',
  });
});

test('it asks for one host, for who somebody is, and for nothing else', () => {
  expect(manifest).toMatchObject({
    validDomains: ['bridge.example.com'],
    permissions: ['identity'],
    webApplicationInfo: {
      id: '11111111-2222-4333-8444-555555555555',
      resource: 'api://bridge.example.com/11111111-2222-4333-8444-555555555555',
    },
    staticTabs: [{ contentUrl: 'https://bridge.example.com/', scopes: ['personal'] }],
  });
  expect(Object.keys(manifest)).not.toContain('devicePermissions');
  expect(Object.keys(manifest)).not.toContain('authorization');
});

test('every German word stands where the manifest has an English one', () => {
  for (const place of Object.keys(words).filter((key) => key !== '$schema')) {
    const english = place.split(/[.[\]]+/).reduce<unknown>((at, key) => (at as Json | undefined)?.[key], manifest);
    expect(english, place).toEqual(expect.any(String));
  }
});

const long = 'x'.repeat(5_000);

// What the schema leaves open, such as addresses and the form of the version,
// the command itself refuses.
test.each<[string, (broken: Json) => void]>([
  ['no id', (broken) => delete broken['id']],
  ['an id that is no GUID', (broken) => (broken['id'] = 'expert-bridge')],
  ['no developer', (broken) => delete broken['developer']],
  ['a developer without a privacy page', (broken) => delete (broken['developer'] as Json)['privacyUrl']],
  ['a name that is too long', (broken) => (broken['name'] = { short: long, full: long })],
  ['no name', (broken) => delete broken['name']],
  ['a description that is too long', (broken) => (broken['description'] = { short: long, full: long })],
  ['no icons', (broken) => delete broken['icons']],
  ['a colour by name', (broken) => (broken['accentColor'] = 'blue')],
  ['a tab in a place that there is not', (broken) => (broken['staticTabs'] = [{ ...(broken['staticTabs'] as Json[])[0], scopes: ['everywhere'] }])],
  ['a permission that there is not', (broken) => (broken['permissions'] = ['everything'])],
  ['an application that is no GUID', (broken) => (broken['webApplicationInfo'] = { id: 'teamsbridge', resource: 'api://bridge.example.com' })],
  ['a member that nobody knows', (broken) => (broken['extra'] = true)],
  ['another version of the schema', (broken) => (broken['manifestVersion'] = '1.4')],
])('a manifest with %s is none', (_, breakIt) => {
  const broken = structuredClone(manifest);
  breakIt(broken);
  expect(ofManifests(broken)).toBe(false);
});

test.each<[string, Json]>([
  ['without the short name', { ...words, 'name.short': undefined }],
  ['with a name that is too long', { ...words, 'name.short': long }],
  ['for a place that there is not', { ...words, 'tabs.first': 'Gespräche' }],
])('German words %s are none', (_, broken) => {
  expect(ofWords(JSON.parse(JSON.stringify(broken)))).toBe(false);
});
