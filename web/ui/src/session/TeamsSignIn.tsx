import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem, problemIn } from '../api/problem';
import { useServices } from '../shared/services';
import { ProblemBar } from '../shared/ProblemBar';
import { ReadOut } from '../shared/ReadOut';
import { useSharedStyles } from '../shared/styles';

/** Inside Teams: signs in in a window, which no frame may show, and goes on with what it brought. While it is open there are words, and a way on for whoever sees none. */
export function TeamsSignIn({ action }: { action: string }) {
  const { t } = useTranslation();
  const { api, signIn } = useServices();
  const client = useQueryClient();
  const shared = useSharedStyles();
  const window = useMutation({
    mutationFn: async () => {
      const code = await signIn?.(action);
      try {
        await api.send('POST', '/session/take-over', { body: { code } });
      } catch (error) {
        throw isNoCode(error) ? new ApiProblem('teams-sign-in', 0, { reason: 'otherPerson' }) : error;
      }
    },
    // Only a sign-in changes anything: a failed one would take its own words off the screen.
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <Button appearance="primary" disabledFocusable={window.isPending} aria-busy={window.isPending} onClick={() => window.mutate()}>
        {t('sso.signIn')}
      </Button>
      <ReadOut>
        {window.isPending && (
          <p className={shared.text}>
            {t('host.inWindow')}{' '}
            <Button size="small" onClick={() => location.reload()}>
              {t('app.reload')}
            </Button>
          </p>
        )}
      </ReadOut>
      <ProblemBar problem={problemIn(window.error)} />
    </>
  );
}

/** The window's code is good for the same person only, once and for a short while. */
function isNoCode(error: unknown): boolean {
  return error instanceof ApiProblem && error.slug === 'not-found';
}
