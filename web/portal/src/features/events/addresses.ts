/** E-mail addresses as people write or paste them: in lines, or with commas, semicolons and spaces between. */
export const addressesOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((a) => a !== ""))];
