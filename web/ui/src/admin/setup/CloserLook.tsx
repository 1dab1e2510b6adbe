import { Button, mergeClasses } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import type { AdminOrganization } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { ProblemBar } from '../../shared/ProblemBar';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { Findings } from './Findings';

/**
 * A look with the administrator's own sign-in. What it shows is theirs alone: it
 * stands here until they leave, beside what everybody sees.
 */
export function CloserLook() {
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const announce = useAnnounce();
  const look = useMutation({
    mutationFn: () => api.send<AdminOrganization>('POST', '/admin/organization/check?deep=true', { headers: { 'Accept-Language': i18n.language } }),
    onSuccess: () => announce(t('admin.checked')),
  });
  return (
    <section className={shared.card} aria-labelledby="admin-look">
      <h2 className={shared.subheading} id="admin-look">
        {t('admin.checks.title')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.checks.deepText')}</p>
      <ProblemBar problem={problemIn(look.error)} onDismiss={() => look.reset()} />
      {look.data?.checks && <Findings findings={look.data.checks} />}
      <div className={shared.row}>
        <Button onClick={() => look.mutate()} disabledFocusable={look.isPending} aria-busy={look.isPending}>
          {look.isPending ? t('admin.checking') : t('admin.checks.deep')}
        </Button>
      </div>
    </section>
  );
}
