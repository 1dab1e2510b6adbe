import { Button, MessageBar, MessageBarActions, MessageBarBody, Spinner } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

/** What the file of a part exports: `build` is `__BUILD__` as it stands in that file. */
export interface PartFile<Props> {
  default: ComponentType<Props>;
  build: string;
}

/**
 * A file that another build left: files keep their names, so that after an
 * upgrade of the service an open page is given the new ones, which need not fit.
 */
class OutdatedError extends Error {}

interface Options<Props> {
  queryKey: [string, string];
  queryFn: () => Promise<ComponentType<Props>>;
}

export type Part<Props> = ComponentType<Props> & { options: Options<Props> };

/**
 * A part of the page that is a file of its own, loaded when it is first shown
 * or when `usePreload` asks. While it loads there are words, and when it
 * cannot be loaded a way on.
 */
export function part<Props extends object>(name: string, load: () => Promise<PartFile<Props>>): Part<Props> {
  const options: Options<Props> = {
    queryKey: ['part', name],
    queryFn: async () => {
      const file = await load();
      if (file.build !== __BUILD__) throw new OutdatedError(name);
      return file.default;
    },
  };
  function Loaded(props: Props) {
    const { data: Shown, error, isFetching, refetch } = useQuery({ ...options, ...kept });
    if (Shown) return <Shown {...props} />;
    if (error && !isFetching) return <PartFailed error={error} onRetry={() => void refetch()} />;
    return <Loading />;
  }
  return Object.assign(Loaded, { options });
}

/** For ever, and tried by the browser even when it believes itself offline: it may have the file. */
const kept = { staleTime: Infinity, gcTime: Infinity, retry: false, networkMode: 'always' } as const;

/** Loads parts that will be wanted soon, from `now` on; one that cannot be loaded is tried again when it is shown. */
export function usePreload(now: boolean, ...parts: readonly { options: { queryKey: [string, string]; queryFn: () => Promise<unknown> } }[]): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!now) return;
    for (const { options } of parts) void client.prefetchQuery({ ...options, ...kept });
    // The parts of a place on the page do not change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, now]);
}

function Loading() {
  const { t } = useTranslation();
  return <Spinner label={t('app.loading')} />;
}

function PartFailed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  // A syntax error is a name that the other build did not have.
  const outdated = error instanceof OutdatedError || error instanceof SyntaxError;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>{t(outdated ? 'app.partOutdated' : 'app.partFailed')}</MessageBarBody>
      <MessageBarActions>
        {!outdated && (
          <Button size="small" onClick={onRetry}>
            {t('app.retry')}
          </Button>
        )}
        <Button size="small" onClick={() => location.reload()}>
          {t('app.reload')}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
