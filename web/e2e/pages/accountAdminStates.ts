// The administration of accounts on the ID host.
import * as acts from "./acts.ts";
import { refused, type State } from "./state.ts";

/** An account as system administrators see it. */
const account = (status: "active" | "banned") => ({
  "/api/v1/admin/accounts/00000000-0000-4000-8000-000000000010": {
    account: {
      id: "00000000-0000-4000-8000-000000000010",
      email: "mika@aef.test",
      email_verified: false,
      username: "mika",
      display_name: "Mika Member",
      first_name: "Mika",
      last_name: "Member",
      status,
      system_admin: status === "active",
      second_factor: true,
      created_at: "2026-03-01T12:00:00Z",
    },
    status_reason: status === "active" ? "" : "Insults in the chat",
    status_until: status === "active" ? null : "2026-04-01T12:00:00Z",
    language: "en",
    has_password: true,
    has_totp: true,
    passkeys: 2,
    recovery_codes: 9,
    memberships: [
      {
        tenant_id: "00000000-0000-0000-0000-000000000001",
        tenant_slug: "aef",
        status: "disabled",
        base_role: "admin",
        tenant_name: "Маяк",
        logo_url: null,
        hue: 27,
        chroma: 0.16,
      },
    ],
    identities: [{ provider: "steam", name: "Steam", kind: "steam", account: "gordon", linked_at: "2026-03-01T12:00:00Z" }],
    sessions: [
      {
        id: "01890a5d-ac96-774b-bcce-b302099a8057",
        device: "desktop",
        browser: "Firefox",
        os: "Linux",
        ip: "192.0.2.1",
        user_agent: "",
        created_at: "2026-03-01T12:00:00Z",
        last_used_at: "2026-03-01T12:00:00Z",
        expires_at: "2026-03-15T12:00:00Z",
        current: false,
      },
    ],
    logins: [
      {
        id: "01890a5d-ac96-774b-bcce-b302099a8058",
        status: "failure",
        method: "password",
        reason: "INVALID_CREDENTIALS",
        ip_address: "192.0.2.1",
        user_agent: "",
        device: "desktop",
        browser: "Firefox",
        os: "Linux",
        device_id: null,
        is_new_device: false,
        created_at: "2026-03-01T12:00:00Z",
      },
    ],
  },
});

export const accountAdminStates: State[] = [
  { name: "id-admin-accounts", host: "id", path: "/admin/accounts", as: "root" },
  { name: "id-admin-accounts-none", host: "id", path: "/admin/accounts?q=nobody+at+all", as: "root" },
  {
    name: "id-admin-accounts-failed",
    host: "id",
    path: "/admin/accounts",
    as: "root",
    answers: { "/api/v1/admin/accounts": 500 },
    allow: refused(500),
  },
  {
    name: "id-admin-account",
    host: "id",
    path: "/admin/accounts/00000000-0000-4000-8000-000000000010",
    as: "root",
    answers: account("active"),
  },
  {
    name: "id-admin-account-banned",
    host: "id",
    path: "/admin/accounts/00000000-0000-4000-8000-000000000010",
    as: "root",
    answers: account("banned"),
  },
  {
    name: "id-admin-account-suspend",
    host: "id",
    path: "/admin/accounts/00000000-0000-4000-8000-000000000010",
    as: "root",
    answers: account("active"),
    act: acts.suspendAccount,
  },
  { name: "id-admin-account-own", host: "id", path: "/admin/accounts/00000000-0000-4000-8000-000000000005", as: "root" },
  { name: "id-admin-missing", host: "id", path: "/admin/accounts", as: "member", allow: refused(404) },
];
