// What component tests of the portal stand on: the data of the page, which must be there before any module reads it, and the words.
import { QueryClientProvider } from "@tanstack/react-query";
import type { Boot, Session } from "@updspace/kit/boot.ts";
import { newQueryClient } from "@updspace/kit/queries.ts";
import { Words } from "@updspace/kit/words.tsx";
import { useState, type ReactNode } from "react";
import { words } from "./words.ts";

export const me = "00000000-0000-4000-8000-000000000002";
const tenant = "00000000-0000-0000-0000-000000000001";

export function sessionWith(part: Partial<Session> = {}): Session {
  return {
    user: { id: me, master_flags: { suspended: false, banned: false, system_admin: false, email_verified: true, status: "active" } },
    tenant: { id: tenant, slug: "aef" },
    portal_profile: null,
    id_profile: null,
    tenant_membership: null,
    id_frontend_base_url: "http://id.localhost",
    capabilities: ["portal.posts.create_public"],
    roles: [],
    feature_flags: {},
    request_id: "",
    ...part,
  };
}

/** Puts the boot data into the page of the test. Modules that read it are imported after this. */
export function bootWith(session: Session | null = sessionWith()): void {
  document.getElementById("boot")?.remove();
  const data: Boot = { tenant: null, session, lang: "en", theme: "auto", id_url: "http://id.localhost", version: "test" };
  const script = document.createElement("script");
  script.id = "boot";
  script.type = "application/json";
  script.append(JSON.stringify(data));
  document.head.append(script);
}

await words.choose("en");
await words.need("achievements", "developers", "feed", "manage", "points", "polls", "rights", "rules", "settings");

/** The frame of a component under test. Each rendering has a cache of its own. */
export function Frame({ children }: { children: ReactNode }) {
  const [queries] = useState(newQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <Words words={words}>{children}</Words>
    </QueryClientProvider>
  );
}
