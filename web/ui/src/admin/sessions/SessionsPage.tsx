import { Button, mergeClasses } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import { useSession } from '../../api/queries';
import type { SignedInSession } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { ProblemBar } from '../../shared/ProblemBar';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { Loaded } from '../Loaded';
import { EndSessionDialog, type Ending } from './EndSessionDialog';
import { SessionList } from './SessionList';

const sessionsKey = ['sessions'] as const;

/** Who is signed in with a browser, and a way to end it: the administrator's own, and everybody's. */
export function SessionsPage() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const me = useSession().data?.agent.id;
  const [asked, setAsked] = useState<Ending | null>(null);
  const all = useQuery({
    queryKey: sessionsKey,
    queryFn: async ({ signal }) => (await api.get<{ sessions: SignedInSession[] }>('/admin/sessions', signal)).sessions,
  });
  const end = useMutation({
    mutationFn: ({ path }: Ending) => api.send('DELETE', path),
    onSuccess: () => announce(t('admin.sessions.ended')),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsKey }),
  });
  const sure = (ending: Ending) => {
    setAsked(null);
    end.mutate(ending);
  };
  return (
    <>
      <ProblemBar problem={problemIn(end.error)} onDismiss={() => end.reset()} />
      <Loaded query={all} loading={t('admin.sessions.loading')}>
        {(sessions) => {
          const own = sessions.filter(({ agent }) => agent !== null && agent.id === me);
          return (
            <>
              <section className={shared.card} aria-labelledby="admin-sessions-own">
                <h2 className={shared.subheading} id="admin-sessions-own">
                  {t('admin.sessions.own')}
                </h2>
                {own.length === 0 && <p className={shared.text}>{t('admin.sessions.noOwn')}</p>}
                <SessionList sessions={own} label={t('admin.sessions.own')} onEnd={setAsked} />
                {own.length > 1 && (
                  <div>
                    <Button onClick={() => setAsked({ path: '/session/sessions', name: '', what: 'others' })}>{t('admin.sessions.endOthers')}</Button>
                  </div>
                )}
              </section>
              <section className={shared.card} aria-labelledby="admin-sessions-all">
                <h2 className={shared.subheading} id="admin-sessions-all">
                  {t('admin.sessions.all')}
                </h2>
                <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.sessions.text')}</p>
                {sessions.length === own.length && <p className={shared.text}>{t('admin.sessions.nobody')}</p>}
                <SessionList sessions={sessions.filter((one) => !own.includes(one))} label={t('admin.sessions.all')} onEnd={setAsked} />
              </section>
            </>
          );
        }}
      </Loaded>
      {asked && <EndSessionDialog ending={asked} onLeave={() => setAsked(null)} onSure={sure} />}
    </>
  );
}
