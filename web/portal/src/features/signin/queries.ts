import { queryOptions } from "@tanstack/react-query";
import { bff, ok } from "@updspace/kit/api.ts";

/** What the address of a mailed link carries. */
export interface MailedLink {
  code: string;
  next: string;
}

/** The fragment of the address, which no server has seen. */
export function readLink(hash: string): MailedLink {
  const q = new URLSearchParams(hash);
  return { code: q.get("code") ?? "", next: q.get("next") ?? "/" };
}

/** Whom a link signs in. */
export const linkQuery = ({ code }: MailedLink) =>
  queryOptions({
    queryKey: ["/api/v1/session/callback/preview", code],
    queryFn: ({ signal }) => ok(bff.POST("/api/v1/session/callback/preview", { body: { code }, signal })),
    staleTime: Infinity, // pressing the button uses the link up
  });
