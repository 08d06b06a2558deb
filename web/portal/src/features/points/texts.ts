/** The languages of the frontends: every name can be written in each. */
export const languages = ["en", "ru"] as const;

export const longestName = 128;

/** As fields hold a text in several languages: no text is "". */
export const inEach = (texts: Readonly<Record<string, string>>): Record<string, string> => ({
  ...Object.fromEntries(languages.map((l) => [l, ""])),
  ...texts,
});
