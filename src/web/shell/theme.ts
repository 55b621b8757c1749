/** The reader's choice of appearance: a cookie, so that the server's first page already has it. No choice follows the system. */
import { useSyncExternalStore } from 'react';

export type Choice = 'light' | 'dark' | 'system';
export const themeCookie = 'yg_theme';

/** The choice in a Cookie header or `document.cookie`. */
export function themeOf(cookies: string | undefined): Choice {
  const found = new RegExp(`(?:^|;\\s*)${themeCookie}=(light|dark)(?:;|$)`).exec(cookies ?? '')?.[1];
  return (found as Choice | undefined) ?? 'system';
}

const listeners = new Set<() => void>();

export function chooseTheme(choice: Choice): void {
  const year = 365 * 86_400;
  // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store is not in every browser
  document.cookie = `${themeCookie}=${choice === 'system' ? '' : choice}; path=/; max-age=${choice === 'system' ? 0 : year}; samesite=strict`;
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const listener of listeners) listener();
}

export const useThemeChoice = (): Choice =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => themeOf(document.cookie),
    () => 'system',
  );

const systemDark = () => matchMedia('(prefers-color-scheme: dark)');

/** Light or dark as shown now. */
export function useShownTheme(): 'light' | 'dark' {
  const choice = useThemeChoice();
  const dark = useSyncExternalStore(
    (listener) => {
      const media = systemDark();
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => systemDark().matches,
    () => false,
  );
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice;
}
