import { queryOptions, useQuery } from "@tanstack/react-query";
import { bff, ok } from "@updspace/kit/api.ts";
import { readBoot, type Session } from "@updspace/kit/boot.ts";

export const boot = readBoot();

export const sessionQuery = queryOptions({
  queryKey: ["/api/v1/session/me"],
  queryFn: ({ signal }): Promise<Session | null> => ok(bff.GET("/api/v1/session/me", { signal })),
  initialData: boot.session,
});

/** The session of the signed-in person, also while it is refreshed. Only pages below the shell may call it. */
export function useSession(): Session {
  const { data } = useQuery({ ...sessionQuery, enabled: boot.session !== null, refetchOnWindowFocus: true });
  if (!data) throw new Error("there is no session");
  return data;
}

/** Whether the person holds a permission in the tenant. Rights in one community are asked per community. */
export function may(session: Session, permission: string): boolean {
  return session.user.master_flags.system_admin || session.capabilities.includes(permission);
}

/** Where a guest signs in and comes back from. */
export function signInAddress(next = location.pathname + location.search): string {
  return `/api/v1/auth/login?next=${encodeURIComponent(next)}`;
}

/** Sends guests to the sign-in and back here. For `beforeLoad` of pages that need a person. */
export async function requireSession(): Promise<void> {
  if (boot.session) return;
  location.replace(signInAddress());
  await new Promise(() => {}); // for good: the browser leaves this page
}
