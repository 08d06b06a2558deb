import type { identity as api } from "@updspace/api";
import { identity, ok } from "@updspace/kit/api.ts";
import type { ApplicationStatus, InvitationStatus } from "./parts.ts";

export type Application = api.components["schemas"]["Application"];
export type Invitation = api.components["schemas"]["Invitation"];
export type Question = api.components["schemas"]["ApplicationQuestion"];
export type LocalText = api.components["schemas"]["LocalText"];
export type Report = api.components["schemas"]["InvitationReport"];

/** What one needs to decide who becomes a member. */
export const reviewsApplications = "portal.applications.review";

export const applicationsKey = "/api/v1/portal/applications";
export const invitationsKey = "/api/v1/portal/invitations";
export const formKey = "/api/v1/portal/applications/form";

/** Applications of a status, newest first. */
export const applicationPages = (status: ApplicationStatus, q: string) => ({
  key: [applicationsKey, status, q],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      identity.GET("/api/v1/portal/applications", {
        params: { query: { status, limit: 20, ...(q !== "" && { q }), ...(cursor !== undefined && { cursor }) } },
        signal,
      }),
    ),
});

/** Invitations of a status, newest first. */
export const invitationPages = (status: InvitationStatus) => ({
  key: [invitationsKey, status],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      identity.GET("/api/v1/portal/invitations", {
        params: { query: { status, limit: 20, ...(cursor !== undefined && { cursor }) } },
        signal,
      }),
    ),
});

/** The questions that the tenant asks. */
export const applicationFormQuery = {
  queryKey: [formKey],
  queryFn: ({ signal }: { signal: AbortSignal }) => ok(identity.GET("/api/v1/portal/applications/form", { signal })),
};

/** A text in the reader's language, else in the other. */
export const inLanguage = (text: LocalText, language: string) => (language === "ru" ? (text.ru ?? text.en) : (text.en ?? text.ru)) ?? "";
