import { Button, Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular, ErrorCircleRegular, QuestionCircleRegular, WarningRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import type { AdminCheck, AdminOrganization } from '../api/types';
import { useTexts } from '../i18n';
import { useAnnounce } from '../shared/Announcer';
import { ProblemBar } from '../shared/ProblemBar';
import { isKey } from '../shared/problemText';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';
import { ConsentLink } from './ConsentLink';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'grid', rowGap: tokens.spacingVerticalM },
  check: { display: 'grid', gridTemplateColumns: '20px 1fr', columnGap: tokens.spacingHorizontalS, overflowWrap: 'anywhere' },
  title: { fontWeight: tokens.fontWeightSemibold },
  ok: { color: tokens.colorPaletteGreenForeground1 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  failed: { color: tokens.colorPaletteRedForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
});

const icons = { ok: CheckmarkCircleRegular, warning: WarningRegular, failed: ErrorCircleRegular, unknown: QuestionCircleRegular };

/** The address at which consent to the closer look begins. */
const inspectAction = '/api/v1/admin/consent?deep=true';

/**
 * Everything single sign-on needs, in the service's words, and a closer look
 * with the administrator's own sign-in. What that shows is theirs: it stands here
 * until they leave, beside what everybody sees.
 */
export function ChecksCard({ checks }: { checks: readonly AdminCheck[] }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { api } = useServices();
  const announce = useAnnounce();
  const look = useMutation({
    mutationFn: () => api.send<AdminOrganization>('POST', '/admin/organization/check?deep=true', { headers: { 'Accept-Language': i18n.language } }),
    onSuccess: () => announce(t('admin.checked')),
  });
  const shown = look.data?.checks ?? checks;
  return (
    <section className={shared.card} aria-labelledby="admin-checks">
      <h2 className={shared.subheading} id="admin-checks">
        {t('admin.checks.title')}
      </h2>
      <ul className={styles.list}>
        {shown.map((check) => (
          <Finding key={`${check.name} ${check.kind ?? ''} ${check.permission ?? ''}`} check={check} />
        ))}
      </ul>
      {look.error instanceof ApiProblem && <ProblemBar problem={look.error} onDismiss={() => look.reset()} />}
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.checks.deepText')}</p>
      <div className={shared.row}>
        <Button onClick={() => look.mutate()} disabledFocusable={look.isPending} aria-busy={look.isPending}>
          {look.isPending ? t('admin.checking') : t('admin.checks.deep')}
        </Button>
      </div>
    </section>
  );
}

function Finding({ check }: { check: AdminCheck }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const styles = useStyles();
  const shared = useSharedStyles();
  const result = isKey(icons, check.result) ? check.result : 'unknown';
  const Icon = icons[result];
  const healer = check.actor !== null && isKey(texts.admin.checks.healer, check.actor) ? check.actor : null;
  return (
    <li className={styles.check}>
      <Icon className={styles[result]} fontSize={20} aria-label={t(`admin.checks.result.${result}`)} role="img" />
      <div>
        <div className={styles.title}>{check.title}</div>
        <p className={shared.text}>{check.detail}</p>
        {healer && <p className={mergeClasses(shared.text, shared.muted)}>{t(`admin.checks.healer.${healer}`)}</p>}
        {check.link && (
          <Link href={check.link} target="_blank" rel="noopener noreferrer">
            {t('admin.checks.open')}
          </Link>
        )}
        {check.action === inspectAction && <ConsentLink deep />}
        {check.code && (
          <p className={mergeClasses(shared.text, shared.muted)}>
            {check.code}
            {check.requestId && ` · ${t('app.requestId', { id: check.requestId })}`}
          </p>
        )}
      </div>
    </li>
  );
}
