// The signed-in account and its preferences, which came with the page and change on it.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Language, Theme } from "@updspace/kit/boot.ts";
import { ok } from "@updspace/kit/answer.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { useTheme } from "@updspace/kit/theme.tsx";
import { useLanguage } from "@updspace/kit/words.tsx";
import { identity, orSignIn } from "./api.ts";
import { boot, type Account, type Preferences } from "./boot.ts";

export const accountQuery = queryOptions({
  queryKey: ["/api/v1/auth/me"],
  queryFn: async ({ signal }): Promise<Account | null> => (await ok(identity.GET("/api/v1/auth/me", { signal }))).user,
  initialData: boot.account,
});

export const preferencesQuery = queryOptions({
  queryKey: ["/api/v1/auth/preferences"],
  queryFn: ({ signal }): Promise<Preferences | null> => ok(identity.GET("/api/v1/auth/preferences", { signal })),
  initialData: boot.preferences,
});

/** The account of the signed-in person. Only pages of the account may call it. */
export function useAccount(): Account {
  const { data } = useQuery({ ...accountQuery, enabled: boot.account !== null });
  if (!data) throw new Error("no account is signed in");
  return data;
}

/** The preferences of the account; null for a guest. */
export function usePreferences(): Preferences | null {
  return useQuery({ ...preferencesQuery, enabled: boot.account !== null }).data;
}

/** Language, theme and zone. They change at once in this browser; those of an account are kept in it as well. */
export function useAppearance(done?: string) {
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useTheme();
  const save = useAction({
    run: (change: Partial<Preferences>, headers) =>
      ok(identity.PATCH("/api/v1/auth/preferences", { body: change, headers })).catch(orSignIn),
    stale: [preferencesQuery.queryKey],
    ...(done !== undefined && { done }),
  });
  const keep = (change: Partial<Preferences>) => {
    if (boot.account) save.start(change);
  };
  return {
    language,
    theme,
    chooseLanguage: (next: Language) => {
      void choose(next);
      keep({ language: next });
    },
    chooseTheme: (next: Theme) => {
      setTheme(next);
      keep({ theme: next });
    },
    chooseZone: (timezone: string) => keep({ timezone }),
    saving: save,
  };
}
