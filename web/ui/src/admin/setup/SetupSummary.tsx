import { Button, Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import type { AdminOrganization } from '../../api/types';
import { ProblemBar } from '../../shared/ProblemBar';
import { useSharedStyles } from '../../shared/styles';
import type { useCheck } from '../organization';
import { ResultIcon } from '../ResultIcon';
import { addressOf } from '../sections';
import { useDateTime } from '../useDateTime';
import type { Step } from './steps';

const useStyles = makeStyles({
  progress: { width: '100%' },
  title: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

interface Props {
  organization: AdminOrganization;
  steps: readonly Step[];
  next: Step | undefined;
  check: ReturnType<typeof useCheck>;
}

/** How many steps are in order, which one is next, and when Microsoft was asked last. */
export function SetupSummary({ organization, steps, next, check }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const dateTime = useDateTime();
  const done = steps.filter(({ result }) => result === 'ok' || result === 'warning').length;
  const { checkedAt, sso } = organization;
  return (
    <section className={shared.card} aria-labelledby="admin-progress">
      <h2 className={mergeClasses(shared.subheading, styles.title)} id="admin-progress">
        {!next && <ResultIcon result="ok" />}
        {t(next ? 'admin.setup.progress' : 'admin.setup.green', { done, all: steps.length })}
      </h2>
      <progress className={styles.progress} value={done} max={steps.length} aria-labelledby="admin-progress" />
      {next ? (
        <p className={shared.text}>{t('admin.setup.next', { step: t(`admin.setup.step.${next.name}.title`) })}</p>
      ) : (
        <p className={shared.text}>
          {t('admin.setup.try')} <Link inline href={addressOf('explain')}>{t('admin.sections.explain')}</Link>
        </p>
      )}
      <p className={shared.text}>
        {t('admin.forYou')}: {t(`sso.${sso.state}`)}
      </p>
      <ProblemBar problem={problemIn(check.error)} onDismiss={() => check.reset()} />
      <div className={shared.row}>
        <Button onClick={() => check.mutate()} disabledFocusable={check.isPending} aria-busy={check.isPending}>
          {check.isPending ? t('admin.checking') : t('admin.check')}
        </Button>
        <span className={shared.muted}>{t('admin.checkedAt', { time: checkedAt ? dateTime(checkedAt) : t('admin.never') })}</span>
      </div>
    </section>
  );
}
