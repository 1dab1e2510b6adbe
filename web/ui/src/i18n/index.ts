import i18next, { type i18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { en } from './en';
import type { Messages } from './messages';

export const languages = ['de', 'en'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** A file for each language: the page loads the one in use, and another when it is chosen. */
const files: Record<Language, () => Promise<Messages>> = {
  de: async () => (await import('./de')).de,
  en: async () => (await import('./en')).en,
};

const namespace = 'translation';
const storageKey = 'teamsbridge.language';

/** The remembered language, else the first of the wanted ones that exists, else English. */
export function chooseLanguage(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of [remembered(), ...wanted]) {
    const language = languages.find((known) => tag?.toLowerCase().split('-')[0] === known);
    if (language) return language;
  }
  return 'en';
}

/** Loads the texts of a language and begins with them. */
export async function startTexts(language: Language): Promise<i18n> {
  return textsOf(language, { [language]: await files[language]() });
}

/** Texts that are at hand; keeps the document's language right from then on. */
export function textsOf(language: Language, loaded: Partial<Record<Language, Messages>>): i18n {
  const instance = i18next.createInstance();
  instance.on('languageChanged', (now) => {
    document.documentElement.lang = now;
  });
  const bundles = Object.entries(loaded).map(([name, texts]) => [name, { [namespace]: texts }]);
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false, // every language has every key, which its type demands
    resources: Object.fromEntries(bundles),
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  return instance;
}

/** Changes the language, and remembers it; fails when its file cannot be loaded, and then nothing changes. */
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  await load(instance, language);
  remember(language);
  await instance.changeLanguage(language);
}

/** Goes on in this language, unless its file cannot be loaded: the other one is better than nothing. */
export async function speak(instance: i18n, language: Language): Promise<void> {
  if (instance.language === language) return;
  await load(instance, language).then(
    () => instance.changeLanguage(language),
    () => undefined,
  );
}

async function load(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, namespace)) {
    instance.addResourceBundle(language, namespace, await files[language]());
  }
}

/** The texts themselves: to ask which keys there are, never to show them. */
export function useTexts(): Messages {
  const { i18n } = useTranslation();
  return i18n.getResourceBundle(i18n.language, namespace) as Messages;
}

function remember(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
