import { Button, mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import { ProblemBar } from '../shared/ProblemBar';
import { useSharedStyles } from '../shared/styles';
import { byLabel, type Limits } from './limits';
import type { List } from './useKept';

interface Props {
  list: Exclude<List, 'everybody'>;
  loading: boolean;
  limits: Limits;
  /** How many are kept, and how many of them the limits let through. */
  kept: number;
  shown: number;
  unlisted: readonly string[];
  onForget: (ids: readonly string[]) => void;
  problem: ApiProblem | null;
  onRetry: () => void;
}

/** What there is to say about one of the agent's own lists. */
export function KeptNotice({ problem, onRetry, ...list }: Props) {
  const elsewhere = problem?.slug === 'sso-required'; // by the panel above
  return (
    <>
      <ProblemBar problem={elsewhere ? null : problem} onRetry={onRetry} />
      {!problem && <Kept {...list} />}
    </>
  );
}

function Kept({ list, limits, loading, kept, shown, unlisted, onForget }: Omit<Props, 'problem' | 'onRetry'>) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const text = mergeClasses(shared.text, shared.muted);
  if (loading) return <p className={text}>{t('consult.loading')}</p>;
  let words = t(`experts.kept.${list}`, { count: shown });
  if (shown === 0) words = kept > 0 ? t(byLabel(limits) ? 'experts.noneWithin' : 'experts.noneAvailable') : t(`experts.empty.${list}`);
  return (
    <div>
      <p className={text}>{words}</p>
      {unlisted.length > 0 && (
        <p className={text}>
          {t('experts.unlisted', { count: unlisted.length })}{' '}
          <Button size="small" onClick={() => onForget(unlisted)}>
            {t('experts.forget')}
          </Button>
        </p>
      )}
    </div>
  );
}
