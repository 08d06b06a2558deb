// What component tests of this frontend stand on: the data of the page, which must be there before any module reads it, and the words.
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { newQueryClient } from "@updspace/kit/queries.ts";
import { Words } from "@updspace/kit/words.tsx";
import type { Account, Boot } from "./boot.ts";
import { words } from "./words.ts";

/** Puts the boot data into the page of the test. Modules that read it are imported after this. */
export function bootWith(part: Partial<Boot>): void {
  document.getElementById("boot")?.remove();
  const data: Boot = { tenant: null, account: null, preferences: null, lang: "en", theme: "auto", version: "test", forms: {}, ...part };
  const script = document.createElement("script");
  script.id = "boot";
  script.type = "application/json";
  script.append(JSON.stringify(data));
  document.head.append(script);
}

await words.choose("en");

export function Frame({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={newQueryClient()}>
      <Words words={words}>{children}</Words>
    </QueryClientProvider>
  );
}

export const account: Account = {
  id: "00000000-0000-4000-8000-000000000002",
  username: "member",
  display_name: "Mika Member",
  email: "member@aef.test",
  email_verified: true,
  has_2fa: false,
  oauth_providers: [],
  is_staff: false,
  is_superuser: false,
  first_name: "",
  last_name: "",
  phone_number: null,
  phone_verified: false,
  birth_date: null,
  language: "en",
  timezone: "",
  avatar_url: null,
  avatar_source: "none",
  avatar_gravatar_enabled: false,
};
