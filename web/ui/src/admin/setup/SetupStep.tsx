import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminAgent, AdminOrganization } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';
import { ResultIcon } from '../ResultIcon';
import { Findings } from './Findings';
import { StepAction } from './StepAction';
import type { Step } from './steps';

const useStyles = makeStyles({
  step: { display: 'grid', gridTemplateColumns: '28px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalM },
  next: { border: `1px solid ${tokens.colorBrandStroke1}`, boxShadow: tokens.shadow4 },
  body: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: tokens.spacingHorizontalM },
  summary: { cursor: 'pointer', width: 'max-content', maxWidth: '100%', padding: `${tokens.spacingVerticalXS} 0`, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
});

interface Props {
  step: Step;
  /** From 1. */
  number: number;
  /** Whether this is what has to be done now. */
  next: boolean;
  organization: AdminOrganization;
  agents: readonly AdminAgent[];
  /** Somebody goes to a window of Microsoft's from here. */
  onLeave: () => void;
}

/** One step: what it is for, who does it, how it stands, and what to press. */
export function SetupStep({ step, number, next, organization, agents, onLeave }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { name, result, findings } = step;
  const fine = result === 'ok';
  return (
    <li className={mergeClasses(shared.card, styles.step, next && styles.next)} aria-current={next ? 'step' : undefined}>
      <ResultIcon result={result} size={28} />
      <div className={styles.body}>
        <div className={styles.head}>
          <h2 className={shared.subheading}>
            {number}. {t(`admin.setup.step.${name}.title`)}
          </h2>
          <span className={shared.muted}>{t(`admin.setup.result.${result}`)}</span>
        </div>
        {!fine && (
          <>
            <p className={shared.text}>{t(`admin.setup.step.${name}.text`)}</p>
            <p className={mergeClasses(shared.text, shared.muted)}>
              {t('admin.setup.who')}: {t(`admin.setup.step.${name}.who`)}
            </p>
            <Findings findings={findings.filter((finding) => finding.result !== 'ok')} />
          </>
        )}
        <StepAction step={step} organization={organization} agents={agents} onLeave={onLeave} />
        {fine && findings.length > 0 && (
          <details>
            <summary className={styles.summary}>{t('admin.setup.details')}</summary>
            <Findings findings={findings} />
          </details>
        )}
      </div>
    </li>
  );
}
