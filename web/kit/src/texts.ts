/** A text in several languages, by language tag, such as { en: "Regular", ru: "Завсегдатай" }. */
export type Texts = Readonly<Record<string, string>>;

/** The text in the language of a locale; undefined when there is none. */
export function inLanguage(texts: Texts, locale: string): string | undefined {
  return texts[locale] ?? texts[languageOf(locale)];
}

/** The text in the reader's language; else in English, else in any other language that there is. */
export function inWords(texts: Texts, locale: string): string {
  return inLanguage(texts, locale) ?? texts["en"] ?? Object.values(texts)[0] ?? "";
}

/** The language of a locale: "ru" of "ru-RU". */
export function languageOf(locale: string): string {
  return locale.split("-")[0] ?? locale;
}

/** Without the languages in which there is none. */
export function written(texts: Texts): Record<string, string> {
  const trimmed = Object.entries(texts).map(([language, text]) => [language, text.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, text]) => text !== ""));
}

/** The name of a language in another one: in Russian "en" is английский. */
export function languageName(locale: string, language: string): string {
  return new Intl.DisplayNames([locale], { type: "language" }).of(language) ?? language;
}
