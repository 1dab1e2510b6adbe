import { Button, Link } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import { ProblemBar } from '../../shared/ProblemBar';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';

/**
 * Leads to Microsoft's consent page in two steps: the address is fetched
 * first, then a person opens it. A window opened by script after a request
 * would be held back by pop-up blockers. `deep` asks for the permission to look
 * closer instead of those of the product. `onLeave` hears that the window was
 * opened.
 */
export function ConsentLink({ deep = false, onLeave }: { deep?: boolean; onLeave?: () => void }) {
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const consent = useMutation({
    mutationFn: () => api.send<{ url: string; expiresAt: string }>('POST', deep ? '/admin/consent?deep=true' : '/admin/consent'),
  });
  const leave = () => {
    consent.reset(); // it works once
    onLeave?.();
  };
  const time = consent.data && new Date(consent.data.expiresAt).toLocaleTimeString(i18n.language);
  return (
    <div className={shared.stack}>
      <ProblemBar problem={problemIn(consent.error)} onDismiss={() => consent.reset()} />
      {consent.data ? (
        <p className={shared.text}>
          <Link ref={takeFocus} href={consent.data.url} target="_blank" onClick={leave}>
            {t('admin.openConsent')}
          </Link>{' '}
          {t('admin.consentUntil', { time })}
        </p>
      ) : (
        <div>
          <Button onClick={() => consent.mutate()} disabledFocusable={consent.isPending} aria-busy={consent.isPending}>
            {t('admin.getConsent')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The link stands where the button was that had the keyboard. */
function takeFocus(link: HTMLElement | null): void {
  link?.focus();
}
