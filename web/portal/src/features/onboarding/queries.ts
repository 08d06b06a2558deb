import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { bff, identity, ok } from "@updspace/kit/api.ts";

export type Question = api.components["schemas"]["ApplicationQuestion"];
export type LocalText = api.components["schemas"]["LocalText"];

/** What the tenant asks of people who apply. Its token holds for an hour. */
export const formQuery = queryOptions({
  queryKey: ["/api/v1/portal/applications/form"],
  queryFn: ({ signal }) => ok(identity.GET("/api/v1/portal/applications/form", { signal })),
  staleTime: 30 * 60_000, // milliseconds
});

/** How the application behind a link stands. */
export const applicationQuery = (token: string) =>
  queryOptions({
    queryKey: ["/api/v1/portal/applications/status", token],
    queryFn: ({ signal }) => ok(identity.POST("/api/v1/portal/applications/status", { body: { token }, signal })),
  });

/** What the link of an invitation is for. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["/api/v1/invite/preview", token],
    queryFn: ({ signal }) => ok(bff.POST("/api/v1/invite/preview", { body: { token }, signal })),
    staleTime: Infinity, // pressing the button uses the link up
  });

/** A text in the reader's language, else in the other. */
export const inLanguage = (text: LocalText, language: string) => (language === "ru" ? (text.ru ?? text.en) : (text.en ?? text.ru)) ?? "";
