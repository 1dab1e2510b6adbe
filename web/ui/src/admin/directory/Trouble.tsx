import { useTranslation } from 'react-i18next';
import { useAge } from '../../shared/time';
import { useDateTime } from '../useDateTime';

interface Props {
  /** The service's word for it. */
  code: string;
  requestId: string | null;
  /** Since when Graph has not answered. */
  since?: string | null | undefined;
  /** In how many seconds it is asked again. */
  retryAfter?: number | null | undefined;
}

/** What keeps Microsoft from answering, since when, and when it is asked again. */
export function Trouble({ code, requestId, since, retryAfter }: Props) {
  const { t } = useTranslation();
  const age = useAge();
  const dateTime = useDateTime();
  return (
    <>
      {t(`admin.health.${known(code)}`)}
      {since && ` · ${t('admin.troubleSince', { time: dateTime(since) })}`}
      {retryAfter ? ` · ${t('admin.troubleUntil', { time: age(retryAfter) })}` : null}
      {requestId && ` · ${t('app.requestId', { id: requestId })}`}
    </>
  );
}

function known(code: string) {
  switch (code) {
    case 'throttled':
    case 'denied':
    case 'unavailable':
      return code;
  }
  return 'failed';
}
