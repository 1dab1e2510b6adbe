import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ChatRegular } from '@fluentui/react-icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { keys, useSession } from '../api/queries';
import type { Expert } from '../api/types';
import { CommandButton } from '../shared/CommandButton';
import { useProblemText } from '../shared/problemText';
import { useServices } from '../shared/services';
import { useDebounced } from '../shared/useDebounced';

const useStyles = makeStyles({
  command: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, minWidth: 0 },
  link: { minHeight: '44px', maxWidth: 'none', width: '100%', boxSizing: 'border-box' },
  words: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, color: tokens.colorNeutralForeground2 },
});

/**
 * Writes to the chosen expert in Teams: a chat with a first line that says who
 * asks, and nothing of the customer; sending it is the agent's. Inside Teams
 * the chat opens there, else in a window of its own.
 */
export function ChatLink({ expert }: { expert: Expert | null }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { openLink } = useServices();
  const chat = useChat(expert);
  const follow = useMutation({ mutationFn: async (url: string) => openLink?.(url) });
  const unread = problemIn(chat.error);
  const refused = follow.variables === chat.url ? problemIn(follow.error) : null; // another's chat is another matter
  if (chat.url !== null && openLink === undefined) return <BrowserLink url={chat.url} />;
  const waiting = chat.waiting ? t('app.loading') : null;
  return (
    <CommandButton
      label={t('experts.chat')}
      effect={refused ? problemText(refused) : t('experts.chatEffect')}
      icon={<ChatRegular />}
      blocked={expert === null ? t('blocked.noTarget') : (waiting ?? (unread && problemText(unread)))}
      running={follow.isPending}
      onPress={() => chat.url !== null && follow.mutate(chat.url)}
    />
  );
}

function BrowserLink({ url }: { url: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  return (
    <div className={styles.command}>
      <Button as="a" className={styles.link} icon={<ChatRegular />} href={url} target="_blank" rel="noopener noreferrer" aria-describedby={id}>
        {t('experts.chat')}
      </Button>
      <span id={id} className={styles.words}>
        {t('experts.chatEffect')}
      </span>
    </div>
  );
}

/** Where to write to the expert, with the first line; asked once the choice has come to rest. */
function useChat(expert: Expert | null) {
  const { t } = useTranslation();
  const { api } = useServices();
  const agent = useSession().data?.agent.name ?? '';
  const id = expert?.id ?? null;
  const rested = useDebounced(id, 300);
  const chat = useQuery({
    queryKey: [...keys.chat, rested],
    queryFn: ({ signal }) => api.get<{ url: string }>(`/experts/${encodeURIComponent(rested ?? '')}/chat`, signal),
    enabled: rested !== null && rested === id,
    staleTime: 60_000,
  });
  const settled = id !== null && rested === id;
  const url = settled && chat.data ? `${chat.data.url}&message=${encodeURIComponent(t('experts.chatText', { agent }))}` : null;
  return { url, error: settled ? chat.error : null, waiting: id !== null && url === null && !(settled && chat.error) };
}
