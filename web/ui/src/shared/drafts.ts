/** Whose draft it is: one agent's, about one interaction. */
export interface DraftOwner {
  /** Names the agent among all of all organisations. */
  agent: string;
  interaction: string;
}

/** As it is stored. The key names the interaction, so that an agent has one draft of a kind for each. */
interface Stored<T> {
  agent: string;
  entered: T;
}

const prefix = 'teamsbridge.draft.';

/**
 * What an agent has entered of one kind and not sent: kept over reloads of this
 * window and over a sign-in that ends, until it is sent or given up. Another
 * agent who signs in here never sees it.
 */
export class Drafts<T extends object> {
  constructor(private readonly kind: string) {}

  /** What this agent has entered; null for nothing. It may be another version's, which knew other fields. */
  read({ agent, interaction }: DraftOwner): Partial<T> | null {
    const stored = parse<T>(box.getItem(this.key(interaction)));
    return stored?.agent === agent ? stored.entered : null;
  }

  keep({ agent, interaction }: DraftOwner, entered: T): void {
    box.setItem(this.key(interaction), JSON.stringify({ agent, entered } satisfies Stored<T>));
  }

  drop(interaction: string): void {
    box.removeItem(this.key(interaction));
  }

  private key(interaction: string): string {
    return `${prefix}${this.kind}.${interaction}`;
  }
}

/** Drops every draft but those of this agent; all of them without one. */
export function dropDrafts(but?: string): void {
  for (const key of box.keys()) {
    if (key.startsWith(prefix) && (but === undefined || parse(box.getItem(key))?.agent !== but)) box.removeItem(key);
  }
}

function parse<T>(text: string | null): Stored<Partial<T>> | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Stored<Partial<T>>> | null;
    return typeof value?.agent === 'string' && typeof value.entered === 'object' ? (value as Stored<Partial<T>>) : null;
  } catch {
    return null;
  }
}

/** The window's own storage; where a browser gives a stranger's frame none, as long as the page lives. */
const memory = new Map<string, string>();
const box = {
  getItem: (key: string) => orMemory((storage) => storage.getItem(key), () => memory.get(key) ?? null),
  setItem: (key: string, value: string) => orMemory((storage) => storage.setItem(key, value), () => void memory.set(key, value)),
  removeItem: (key: string) => orMemory((storage) => storage.removeItem(key), () => void memory.delete(key)),
  keys: () => orMemory((storage) => Object.keys(storage), () => [...memory.keys()]),
};

function orMemory<T>(stored: (storage: Storage) => T, remembered: () => T): T {
  try {
    return stored(sessionStorage);
  } catch {
    return remembered();
  }
}
