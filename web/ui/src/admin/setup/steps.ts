import type { AdminAgent, AdminCheck, AdminOrganization } from '../../api/types';

/** What a new organisation needs, in the order in which it is done. */
export const stepNames = ['reach', 'consent', 'access', 'directory', 'agents', 'switch'] as const;
export type StepName = (typeof stepNames)[number];

/** `unknown` is also what cannot be judged before the steps above are in order. */
export type StepResult = 'ok' | 'warning' | 'failed' | 'unknown';

export interface Step {
  name: StepName;
  result: StepResult;
  /** The service's checks behind it. */
  findings: readonly AdminCheck[];
}

/** Which step each of the service's checks belongs to; one that is new here belongs to the consent, as all that is Microsoft's. */
const stepOfCheck: Record<string, StepName> = {
  reachable: 'reach',
  clock: 'reach',
  credential: 'reach',
  'app-known': 'consent',
  permission: 'consent',
  excess: 'consent',
  'app-enabled': 'access',
  assignment: 'access',
  switch: 'switch',
};

/** The steps as they stand. */
export function stepsOf({ checks = [], directory }: AdminOrganization, agents: readonly AdminAgent[]): Step[] {
  return stepNames.map((name) => {
    const findings = checks.filter((check) => check.name !== 'inspection' && (stepOfCheck[check.name] ?? 'consent') === name);
    if (name === 'directory') return { name, findings, result: directoryResult(directory) };
    if (name === 'agents') return { name, findings, result: agentsResult(agents) };
    return { name, findings, result: worst(findings) };
  });
}

/** The first step that has to be done; undefined when all are in order. */
export function nextStep(steps: readonly Step[]): Step | undefined {
  return steps.find(({ result }) => result === 'failed') ?? steps.find(({ result }) => result === 'unknown');
}

function worst(findings: readonly AdminCheck[]): StepResult {
  const results = findings.map(({ result }) => result);
  if (results.includes('failed')) return 'failed';
  if (results.length === 0 || results.some((result) => result !== 'ok' && result !== 'warning')) return 'unknown';
  return results.includes('warning') ? 'warning' : 'ok';
}

function directoryResult({ ready, experts, error, mode }: AdminOrganization['directory']): StepResult {
  if (!ready) return error ? 'failed' : 'unknown';
  if (error) return 'warning';
  // A directory that is asked at each search counts nobody.
  return experts > 0 || mode === 'live' ? 'ok' : 'failed';
}

function agentsResult(agents: readonly AdminAgent[]): StepResult {
  const working = agents.filter(({ roles, entraId }) => entraId !== null && (roles.length === 0 || roles.includes('Agent')));
  return working.length > 0 ? 'ok' : 'failed';
}
