import { createContext, use, type ReactNode } from 'react';
import type { ApiClient } from '../api/client';
import type { ServerClock } from '../api/clock';

/** What the whole page works with, made once in main.tsx and by each test. */
export interface Services {
  api: ApiClient;
  clock: ServerClock;
  inTeams: boolean;
  /** Inside Teams: signs in in a window, beginning at this address of the service, and gives its one-time code. */
  signIn?: (action: string) => Promise<string>;
  /** Inside Teams: goes to a place in Teams, such as a chat. */
  openLink?: (url: string) => Promise<void>;
  /** Inside Teams: hears when nobody sees the page any more, and when somebody does again, until the returned function is called. */
  pauses?: (suspend: () => void, resume: () => void) => () => void;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error('useServices outside of ServicesProvider');
  return services;
}
