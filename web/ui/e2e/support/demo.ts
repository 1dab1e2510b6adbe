import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface User {
  id: string;
  username: string;
  password: string;
  name: string;
  roles: string[];
}

/** What `GET /_control/world` tells, as far as these tests need it. */
export interface World {
  tenant: string;
  scope: string;
  clients: { browser: string; teams: string };
  users: User[];
  contactCentre: { users: User[] };
  turnedAway: (User & { reason: string })[];
}

type Party = 'customer' | 'agent' | 'consulted';
type Act = 'answer' | 'decline' | 'busy' | 'no-answer' | 'voicemail' | 'hangup';

/** One running `teamsbridge demo` whose telephones nobody answers but the test. */
export class Demo {
  private constructor(
    private child: ChildProcess,
    /** Address of the product. */
    readonly page: string,
    /** Address of the simulators. */
    readonly sim: string,
    readonly world: World,
    private readonly options: Options,
    /** Where the product listens, which is not always where it is reached. */
    readonly local: string,
    /** Where it listens for TLS, if that was asked for. */
    readonly secure: string | undefined,
  ) {}

  /** Starts one on ports that the system chooses; `data` keeps its state over a crash. */
  static async start(data?: string, people = 400, publicAs: Public | null = null): Promise<Demo> {
    const options = { people, publicAs };
    const { child, page, sim, local, secure } = await run({ ...options, listen: anyPort, tls: anyPort, sim: anyPort, data });
    const response = await fetch(`${sim}/_control/world`);
    return new Demo(child, page, sim, (await response.json()) as World, options, local, secure);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again at the same addresses, after `kill`. */
  async restart(data: string): Promise<void> {
    const { local, secure, options } = this;
    const listen = new URL(local).host;
    const tls = secure === undefined ? anyPort : new URL(secure).host;
    const { child } = await run({ ...options, listen, tls, sim: new URL(this.sim).host, data });
    this.child = child;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }

  /** The nth of the people with this role. */
  user(role: 'Agent' | 'Supervisor' | 'Admin', position = 0): User {
    const user = this.world.users.filter(({ roles }) => roles.includes(role))[position];
    if (!user) throw new Error(`the world has no ${role} number ${position}`);
    return user;
  }

  /**
   * An expert whom every world has. They may not use the desktop, but being
   * among those who are turned away tells their id.
   */
  get expert(): User {
    const expert = this.world.turnedAway.find(({ reason }) => reason === 'agent-unknown');
    if (!expert) throw new Error('the world has no expert who is known by name');
    return expert;
  }

  /** A customer calls this agent, who has answered; gives the id of the interaction. */
  async call(agent: User, from = '+4915112345678'): Promise<string> {
    const { interaction } = (await this.control('POST', '/calls', { agent: agent.id, from })) as { interaction: string };
    return interaction;
  }

  /** Somebody does something on their telephone. */
  async act(call: string, party: Party, act: Act): Promise<void> {
    await this.control('POST', `/calls/${call}/${party}/${act}`);
  }

  /** What Microsoft says about somebody, from now on. */
  async presence({ id }: User, availability: string, activity: string): Promise<void> {
    await this.control('PUT', `/users/${id}/presence`, { availability, activity, lagMs: 0 });
  }

  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.sim}/_control${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}

const anyPort = '127.0.0.1:0';

/** A demo that is reached elsewhere than where it listens. */
export interface Public {
  /** Its address for browsers, of which the test makes that it leads there. */
  url: string;
  /** Flags of the demo beyond the usual. */
  flags: readonly string[];
}

interface Options {
  /** How many the organisation has. */
  people: number;
  publicAs: Public | null;
}

interface Run extends Options {
  listen: string;
  tls: string;
  sim: string;
  data: string | undefined;
}

/** Runs the binary until it says that it is ready. */
async function run({ listen, tls, sim, data, people, publicAs }: Run) {
  const binary = process.env['TEAMSBRIDGE_BINARY'];
  if (binary === undefined) throw new Error('TEAMSBRIDGE_BINARY is not set: support/build.ts has not run');
  const child = spawn(
    binary,
    [
      // Only the test decides what happens: on a slow machine a telephone would stop ringing before it is answered.
      'demo', '--manual', '--patience', '1m', '--people', String(people), '--listen', listen, '--sim-listen', sim,
      '--sim-tls-listen', '127.0.0.1:0', '--internal-listen', '', ...(data === undefined ? [] : ['--data', data]),
      ...(publicAs === null ? [] : ['--public-url', publicAs.url, '--tls-listen', tls, ...publicAs.flags]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  const told = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const [name = '', ...rest] = line.trim().split(': ');
    told.set(name, rest.join(': '));
    if (name === 'ready') break;
  }
  child.stdout.resume(); // nobody reads on, and a full pipe would stop it
  const page = told.get('page');
  const simulators = told.get('simulators');
  if (!told.has('ready') || page === undefined || simulators === undefined) {
    child.kill('SIGKILL');
    throw new Error(`the demo did not start:\n${said.join('\n')}`);
  }
  return { child, page, sim: simulators, local: told.get('local page') ?? page, secure: told.get('secure page') };
}
