import { useQuery } from '@tanstack/react-query';
import type { DialCheck } from '../api/types';
import { useServices } from '../shared/services';

/** What the service reads in this text; nothing is asked for an empty one. */
export function useDialCheck(input: string) {
  const { api } = useServices();
  return useQuery({
    queryKey: ['dial-check', input],
    queryFn: ({ signal }) => api.ask<DialCheck>('/dial-number/check', { input }, signal),
    enabled: input !== '',
    staleTime: 60_000,
  });
}
