import { useTranslation } from 'react-i18next';

/** Writes a server time in the reader's language and time zone: day and time to the second. */
export function useDateTime(): (time: string) => string {
  const { i18n } = useTranslation();
  return (time) => new Date(time).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Writes the day of a server time. */
export function useDay(): (time: string) => string {
  const { i18n } = useTranslation();
  return (time) => new Date(time).toLocaleDateString(i18n.language, { dateStyle: 'long' });
}
