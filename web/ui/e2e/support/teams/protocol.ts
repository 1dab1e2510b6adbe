/** A message of teams-js to its host, as it is on the wire. */
export interface Request {
  id: number;
  uuidAsString: string;
  func: string;
  args?: unknown[];
  timestamp: number;
  monotonicTimestamp: number;
  apiVersionTag: string;
  isProxiedFromChild: boolean;
  teamsJsInstanceId: string;
}

/** Which of the two pages that the host shows speaks. */
export type Speaker = 'tab' | 'window';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const number: Check = (value) => typeof value === 'number';
const httpsAddress: Check = (value) => typeof value === 'string' && value.startsWith('https://');
const oneOf = (...values: string[]): Check => (value) => values.some((one) => one === value);
const sdkVersion: Check = (value) => typeof value === 'string' && /^\d+\.\d+\.\d+/.test(value);
const optional = (check: Check): Check => (value) => value === undefined || value === null || check(value);
const texts: Check = (value) => Array.isArray(value) && value.every((one) => text(one));

/** The calls that this host takes, with what each argument must be. Everything else is refused. */
const calls: Record<string, readonly Check[]> = {
  initialize: [sdkVersion, number, optional(texts)],
  getContext: [],
  registerHandler: [oneOf('themeChange', 'load', 'beforeUnload')],
  readyToUnload: [],
  executeDeepLink: [httpsAddress],
  'appInitialization.appLoaded': [sdkVersion],
  'appInitialization.success': [sdkVersion],
  'authentication.getAuthToken': [optional(texts), optional(texts), optional((value) => typeof value === 'boolean'), optional(text)],
  'authentication.authenticate': [httpsAddress, optional(number), optional(number), optional((value) => typeof value === 'boolean')],
  'authentication.authenticate.success': [text],
  'authentication.authenticate.failure': [text],
};

/** Calls that only the page in a window of the host's makes. */
const ofWindows = ['authentication.authenticate.success', 'authentication.authenticate.failure'];

/**
 * What is wrong with a request, null for nothing. `count` is how many the
 * speaker has made before in this life, `started` whether the host has answered
 * its `initialize`.
 */
export function wrongWith(request: Request, from: Speaker, count: number, started: boolean): string | null {
  const { id, uuidAsString, func, args = [] } = request;
  const expected = calls[func];
  if (!expected) return `${func}: unknown to Teams`;
  if (id !== count) return `${func}: id ${id} after ${count} requests`;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuidAsString)) return `${func}: no id of its own`;
  if ((func === 'initialize') === started) return `${func}: ${started ? 'twice' : 'before initialize was answered'}`;
  if (ofWindows.includes(func) !== (from === 'window') && func !== 'initialize') return `${func}: not from a ${from}`;
  if (args.length > expected.length) return `${func}: ${args.length} arguments`;
  const wrong = expected.findIndex((check, position) => !check(args[position]));
  return wrong < 0 ? null : `${func}: argument ${wrong} is ${JSON.stringify(args[wrong])}`;
}

/** What the host can do, as it tells teams-js. */
export const runtime = JSON.stringify({
  apiVersion: 4,
  isLegacyTeams: false,
  hostVersionsInfo: {},
  supports: { app: { notifySuccessResponse: {}, lifecycle: {} }, pages: { config: {}, tabs: {}, backStack: {} }, dialog: { url: {}, update: {} }, call: {}, chat: {}, people: {} },
});
