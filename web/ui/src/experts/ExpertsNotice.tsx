import { mergeClasses, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem';
import { keys } from '../api/queries';
import type { DirectoryState, Expert, ExpertPage } from '../api/types';
import { useTexts } from '../i18n';
import { ProblemBar } from '../shared/ProblemBar';
import { isKey } from '../shared/problemText';
import { ReadOut } from '../shared/ReadOut';
import { useSharedStyles } from '../shared/styles';
import { useAge, useServerNow } from '../shared/time';
import { byLabel, type Limits } from './limits';

interface Props {
  query: string;
  limits: Limits;
  /** The first page of the present question; undefined while it is on its way. */
  page: ExpertPage | undefined;
  shown: readonly Expert[];
  /** Those of them in sight, whose presence is watched. */
  seen: readonly Expert[];
  problem: ApiProblem | null;
  onRetry: () => void;
}

/** What there is to say about a list of experts: how many, how old, or why there are none. */
export function ExpertsNotice({ problem, onRetry, ...list }: Props) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const progress = useProgress();
  const state = useDirectoryState();
  const incomplete = problem?.slug === 'phone-incomplete';
  const reading = problem?.slug === 'directory-unavailable' && state?.ready === false ? state : null;
  const elsewhere = incomplete || reading !== null || problem?.slug === 'sso-required'; // the last by the panel above
  return (
    <>
      <ReadOut>
        {incomplete && (
          <MessageBar className={shared.whole} intent="info">
            <MessageBarBody>{t('experts.incomplete')}</MessageBarBody>
          </MessageBar>
        )}
      </ReadOut>
      <ProblemBar problem={elsewhere ? null : problem} onRetry={onRetry} />
      {reading && <p className={mergeClasses(shared.text, shared.muted)}>{progress(reading)}</p>}
      {!problem && <Found {...list} />}
    </>
  );
}

function Found({ query, limits, page, shown, seen }: Omit<Props, 'problem' | 'onRetry'>) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const text = mergeClasses(shared.text, shared.muted);
  if (!page) return <p className={text}>{t('consult.loading')}</p>;
  if (shown.length === 0) {
    return (
      <p className={text}>
        {t(nobody(query, limits), { query })}
        <Quiet page={page} shown={shown} />
      </p>
    );
  }
  const count = page.total === null ? t('experts.foundMany') : t('experts.found', { count: page.total });
  return (
    <p className={text}>
      {count}
      {page.checked !== null && ` · ${t('experts.checked', { count: page.checked })}`}
      <Ages page={page} seen={seen} />
      <Quiet page={page} shown={shown} />
    </p>
  );
}

/** Why a list of experts is empty: the closest limit first. */
function nobody(query: string, limits: Limits) {
  if (byLabel(limits)) return 'experts.noneWithin';
  if (limits.onlyAvailable) return 'experts.noneAvailable';
  return query ? 'experts.none' : 'experts.start';
}

/** What keeps this list from being complete or new, in a quiet line: nothing here stops a call. */
function Quiet({ page, shown }: { page: ExpertPage; shown: readonly Expert[] }) {
  const { t } = useTranslation();
  const texts = useTexts();
  const { directory } = page;
  const lines: string[] = [];
  if (directory.source === 'live') lines.push(t('experts.live'));
  if (directory.cannotFind?.length) {
    const words = directory.cannotFind.map((what) => t(`experts.blindness.${isKey(texts.experts.blindness, what) ? what : 'other'}`));
    lines.push(t('experts.cannotFind', { what: words.join('; ') }));
  }
  if (directory.error) lines.push(t(`experts.directoryTrouble.${directory.error === 'throttled' ? 'throttled' : 'other'}`));
  for (const reason of new Set(shown.map(({ presence }) => presence.reason))) {
    if (isKey(texts.experts.presenceReason, reason)) lines.push(t(`experts.presenceReason.${reason}`));
  }
  return lines.map((line) => <span key={line}> · {line}</span>);
}

/** How the directory stands, as far as events have told. */
function useDirectoryState() {
  return useQuery<DirectoryState>({ queryKey: keys.directory, queryFn: skipToken }).data;
}

/** How far the first reading is, in words. */
function useProgress(): (state: DirectoryState) => string {
  const { t, i18n } = useTranslation();
  const age = useAge();
  const number = (n: number) => n.toLocaleString(i18n.language);
  return ({ people, reading }) => {
    if (reading && reading.expected !== null && reading.secondsLeft !== null) {
      return t('experts.readingOf', { people: number(reading.people), expected: number(reading.expected), left: age(reading.secondsLeft) });
    }
    return t('experts.reading', { people: number(reading?.people ?? people) });
  };
}

function Ages({ page, seen }: { page: ExpertPage; seen: readonly Expert[] }) {
  const { t } = useTranslation();
  const age = useAge();
  const now = useServerNow();
  const observed = seen.flatMap(({ presence }) => (presence.observedAt ? [Date.parse(presence.observedAt)] : []));
  const since = (at: number) => age((now - at) / 1000);
  return (
    <>
      {observed.length > 0 && ` · ${t('experts.presenceAge', { age: since(Math.min(...observed)) })}`}
      {page.directory.syncedAt && ` · ${t('experts.directoryAge', { age: since(Date.parse(page.directory.syncedAt)) })}`}
    </>
  );
}
