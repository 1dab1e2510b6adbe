import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/queries';
import type { AdminOrganization } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useServices } from '../shared/services';

/** The organisation as the service sees it, kept current while somebody looks. */
export function useOrganization() {
  const { i18n } = useTranslation();
  const { api } = useServices();
  return useQuery({
    queryKey: [...keys.organization, i18n.language],
    queryFn: ({ signal }) => api.get<AdminOrganization>('/admin/organization', signal, { 'Accept-Language': i18n.language }),
    refetchInterval: 10_000,
  });
}

/** Asks Microsoft now. */
export function useCheck() {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: () => api.send<AdminOrganization>('POST', '/admin/organization/check', { headers: { 'Accept-Language': i18n.language } }),
    onSuccess: (read) => {
      client.setQueryData([...keys.organization, i18n.language], read);
      announce(t('admin.checked'));
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.session }),
  });
}

/** Switches single sign-on of the organisation on or off. */
export function useSsoSwitch() {
  const { i18n } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) =>
      api.send<AdminOrganization>('PUT', '/admin/organization/sso', { body: { enabled }, headers: { 'Accept-Language': i18n.language } }),
    onSuccess: (read) => client.setQueryData([...keys.organization, i18n.language], read),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.organization });
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
}
