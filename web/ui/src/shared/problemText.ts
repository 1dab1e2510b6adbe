import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import { useTexts } from '../i18n';
import type { Messages } from '../i18n/messages';

type Texts = Messages['problem'];
type Slug = { [Key in keyof Texts]: Texts[Key] extends string ? Key : never }[keyof Texts];

/** The words for a problem: by its slug, made more exact by the members that the slug has. */
export function useProblemText(): (problem: ApiProblem) => string {
  const { t } = useTranslation();
  const texts = useTexts();
  const teamsReason = useTeamsReason();
  return (problem) => {
    const { phase, reason } = problem.problem;
    const slug = known(texts.problem, problem.slug);
    const text = t(`problem.${slug}`, { phase: isKey(texts.phase, phase) ? t(`phase.${phase}`) : '' });
    if (slug === 'switch-failed' && isKey(texts.failure, reason)) return `${t(`failure.${reason}`)} ${text}`;
    if (slug === 'expert-not-listed' && isKey(texts.problem.expertReason, reason)) {
      return `${text} ${t(`problem.expertReason.${reason}`)}`;
    }
    if (slug === 'teams-sign-in') return `${text} ${teamsReason(problem)}`;
    return text;
  };
}

/** Why nobody is signed in inside Teams, for where a headline says that nobody is. */
export function useTeamsReason(): (problem: ApiProblem) => string {
  const { t } = useTranslation();
  const texts = useTexts();
  return ({ problem: { reason } }) => t(`teams.${isKey(texts.teams, reason) ? reason : 'other'}`);
}

/** A slug that this page does not know yet is treated by its kind, never shown raw. */
function known(texts: Texts, slug: string): Slug {
  if (slug !== 'title' && slug !== 'expertReason' && isKey(texts, slug)) return slug as Slug;
  return 'internal';
}

export function isKey<T extends object>(texts: T, key: string | null | undefined): key is Extract<keyof T, string> {
  return key !== null && key !== undefined && Object.hasOwn(texts, key);
}
