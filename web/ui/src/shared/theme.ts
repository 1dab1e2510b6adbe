import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme, type Theme } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { TeamsHost } from '../teams/host';

export type ThemeName = 'default' | 'dark' | 'contrast';

export const themes: Record<ThemeName, Theme> = {
  default: teamsLightTheme,
  dark: teamsDarkTheme,
  contrast: teamsHighContrastTheme,
};

/** Teams' theme inside Teams, the system's outside; both change while the page is open. */
export function useThemeName(host: TeamsHost | null): ThemeName {
  const [name, setName] = useState<ThemeName>(() => (host ? known(host.context.theme) : systemTheme()));
  useEffect(() => {
    if (host) {
      host.onTheme((theme) => setName(known(theme)));
      return host.pauses(() => undefined, ({ theme }) => setName(known(theme)));
    }
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    const update = () => setName(systemTheme());
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [host]);
  useEffect(() => {
    document.documentElement.style.colorScheme = name === 'default' ? 'light' : 'dark';
  }, [name]);
  return name;
}

function systemTheme(): ThemeName {
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'default';
}

function known(theme: string): ThemeName {
  return theme === 'dark' || theme === 'contrast' ? theme : 'default';
}
