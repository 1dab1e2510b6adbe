import type { Problem } from './types';

/**
 * A request that was refused or got no answer. `slug` is the last part of the
 * problem's type, or one of the page's own: "offline" (no answer came,
 * or not all of it; `reason` is "timeout" where the page has given it up),
 * "teams-sign-in" (Teams gave no token; `reason` is what it said) and
 * "teams-link" (Teams did not go where it was asked to).
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly slug: string,
    readonly status: number,
    readonly problem: Partial<Problem> = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(`${slug} (${status})`);
  }

  /** Nobody knows whether the action happened: the truth must be read again. */
  get outcomeUnknown(): boolean {
    return this.slug === 'offline' || this.slug === 'outcome-unknown';
  }
}

/** The problem in whatever a question ended with, null for none; what is neither is a fault of this page. */
export function problemIn(error: Error | null): ApiProblem | null {
  if (error === null || error instanceof ApiProblem) return error;
  return new ApiProblem('internal', 0);
}

/** Turns an answer that is not 2xx into an ApiProblem. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const retryAfter = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const wait = Number.isNaN(retryAfter) ? null : retryAfter;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    const slug = (problem.type ?? '').split('/').pop();
    return new ApiProblem(slug || slugOfStatus(response.status), response.status, problem, wait);
  } catch {
    // A proxy in between answers with pages of its own.
    return new ApiProblem(slugOfStatus(response.status), response.status, {}, wait);
  }
}

function slugOfStatus(status: number): string {
  if (status === 401) return 'sign-in-required';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'internal' : 'malformed';
}
