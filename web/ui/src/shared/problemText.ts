import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import { en } from '../i18n/en';

type Slug = { [Key in keyof typeof en.problem]: (typeof en.problem)[Key] extends string ? Key : never }[keyof typeof en.problem];

/** The words for a problem: by its slug, made more exact by the members that the slug has. */
export function useProblemText(): (problem: ApiProblem) => string {
  const { t } = useTranslation();
  return (problem) => {
    const { phase, reason } = problem.problem;
    const slug = known(problem.slug);
    const text = t(`problem.${slug}`, { phase: phase ? t(`phase.${phase}`) : '' });
    if (slug === 'switch-failed' && isKey(en.failure, reason)) return `${t(`failure.${reason}`)} ${text}`;
    if (slug === 'expert-not-listed' && isKey(en.problem.expertReason, reason)) {
      return `${text} ${t(`problem.expertReason.${reason}`)}`;
    }
    if (slug === 'teams-sign-in') return `${text} ${t(`teams.${isKey(en.teams, reason) ? reason : 'other'}`)}`;
    return text;
  };
}

/** A slug that this page does not know yet is treated by its kind, never shown raw. */
function known(slug: string): Slug {
  if (slug !== 'title' && slug !== 'expertReason' && isKey(en.problem, slug)) return slug as Slug;
  return 'internal';
}

export function isKey<T extends object>(texts: T, key: string | null | undefined): key is Extract<keyof T, string> {
  return key !== null && key !== undefined && Object.hasOwn(texts, key);
}
