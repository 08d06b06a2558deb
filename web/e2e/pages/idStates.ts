// The pages of the ID host and their main states.
import { portalOrigin } from "../people.ts";
import * as acts from "./acts.ts";
import { refused, type State } from "./state.ts";

/** The request of an application for the account. The demo data has one application, which must demand to be asked for. */
const authorize = `/authorize?${new URLSearchParams({
  response_type: "code",
  client_id: "portal",
  redirect_uri: `${portalOrigin}/api/v1/auth/callback`,
  scope: "openid profile email",
  state: "pages",
  nonce: "pages",
  code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  code_challenge_method: "S256",
  prompt: "consent",
})}`;

export const idStates: State[] = [
  { name: "id-sign-in", host: "id", path: "/login" },
  { name: "id-sign-in-from-a-space", host: "id", path: authorize },
  { name: "id-sign-in-empty", host: "id", path: "/login", act: acts.signInEmpty },
  {
    name: "id-sign-in-not-linked",
    host: "id",
    path: `/login?${new URLSearchParams({ next: "/account", sign_in_error: "IDENTITY_NOT_LINKED", provider: "steam" })}`,
  },
  { name: "id-sign-in-denied", host: "id", path: "/login?next=%2Faccount&sign_in_error=ACCESS_DENIED&provider=github" },
  { name: "id-sign-in-second-step-over", host: "id", path: "/login?next=%2Faccount&step=second", allow: refused(400) },
  { name: "id-sign-in-again", host: "id", path: "/login?again=1", as: "member" },
  { name: "id-consent", host: "id", path: authorize, as: "member" },
  { name: "id-refused", host: "id", path: "/authorize?client_id=nobody", as: "member", allow: /status of 4\d\d/ },
  { name: "id-sign-out", host: "id", path: "/logout", as: "member" },
  { name: "id-signed-out", host: "id", path: "/signed-out" },
  { name: "id-unsubscribe", host: "id", path: "/unsubscribe", forms: { mails: { from: "Маяк", ended: false } }, allow: refused(404) },
  { name: "id-unsubscribed", host: "id", path: "/unsubscribe", forms: { mails: { from: "Маяк", ended: true } }, allow: refused(404) },
  { name: "id-unsubscribe-broken", host: "id", path: "/unsubscribe?token=broken", allow: refused(404) },
  { name: "id-account", host: "id", path: "/account", as: "member" },
  { name: "id-account-menu", host: "id", path: "/account", as: "member", act: acts.accountMenu },
  {
    name: "id-account-address-waits",
    host: "id",
    path: "/account",
    as: "member",
    answers: {
      "/api/v1/auth/email": {
        email: "member@aef.test",
        verified: true,
        pending: { email: "mika@new.test", expires_at: "2026-03-02T12:00:00Z" },
      },
    },
  },
  { name: "id-security", host: "id", path: "/account/security", as: "member" },
  { name: "id-security-refused", host: "id", path: "/account/security", as: "member", act: acts.changePasswordBadly, allow: refused(422) },
  {
    name: "id-history",
    host: "id",
    path: "/account/history",
    as: "member",
    answers: {
      "/api/v1/auth/login-history": {
        events: (["password", "magic_link", "passkey", "external"] as const).map((method, i) => ({
          id: `01890a5d-ac96-774b-bcce-b302099a805${i}`,
          status: i === 1 ? "failure" : "success",
          method,
          reason: i === 1 ? "INVALID_CREDENTIALS" : "",
          ip_address: "192.0.2.1",
          user_agent: "Mozilla/5.0",
          device: "desktop",
          browser: i === 2 ? "" : "Firefox",
          os: i === 2 ? "" : "Linux",
          device_id: null,
          is_new_device: i === 0,
          created_at: "2026-03-01T12:00:00Z",
        })),
      },
    },
  },
  {
    name: "id-history-empty",
    host: "id",
    path: "/account/history",
    as: "member",
    answers: { "/api/v1/auth/login-history": { events: [] } },
  },
  { name: "id-privacy", host: "id", path: "/account/privacy", as: "member" },
  {
    name: "id-privacy-consents",
    host: "id",
    path: "/account/privacy",
    as: "member",
    answers: {
      "/api/v1/auth/consents": {
        consents: [
          { kind: "marketing", version: "v1", granted_at: "2026-03-01T12:00:00Z", revoked_at: null, source: "account", meta: {} },
          {
            kind: "parental",
            version: "v1",
            granted_at: "2026-02-01T12:00:00Z",
            revoked_at: "2026-02-03T12:00:00Z",
            source: "signup",
            meta: {},
          },
          { kind: "data_processing", version: "v1", granted_at: "2026-02-01T12:00:00Z", revoked_at: null, source: "signup", meta: {} },
        ],
      },
    },
  },
  { name: "id-reset", host: "id", path: "/reset" },
  { name: "id-reset-asked", host: "id", path: "/reset", act: acts.askForReset },
  { name: "id-reset-link", host: "id", path: `/reset#${"x".repeat(43)}` },
  { name: "id-reset-expired", host: "id", path: `/reset#${"x".repeat(43)}`, act: acts.resetWithOldLink, allow: refused(404) },
  { name: "id-verify", host: "id", path: `/verify#confirm=${"x".repeat(43)}` },
  { name: "id-verify-undo", host: "id", path: `/verify#undo=${"x".repeat(43)}` },
  { name: "id-verify-broken", host: "id", path: "/verify" },
  {
    name: "id-security-factors",
    host: "id",
    path: "/account/security",
    as: "member",
    answers: {
      "/api/v1/auth/mfa/status": {
        has_totp: true,
        has_webauthn: true,
        has_recovery_codes: true,
        recovery_codes_left: 10,
        has_password: true,
        second_step: true,
        confirmed_until: "2026-03-01T12:00:00Z",
      },
      "/api/v1/auth/passkeys": {
        authenticators: [
          {
            id: "01890a5d-ac96-774b-bcce-b302099a8057",
            name: "Phone",
            type: "webauthn",
            created_at: 1772366400,
            last_used_at: 1772366400,
            is_passwordless: true,
          },
          {
            id: "01890a5d-ac96-774b-bcce-b302099a8058",
            name: "Laptop",
            type: "webauthn",
            created_at: 1772366400,
            last_used_at: null,
            is_passwordless: true,
          },
        ],
      },
    },
  },
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
  { name: "id-admin-missing", host: "id", path: "/admin/accounts", as: "member", allow: refused(404) },
  { name: "id-devices", host: "id", path: "/account/sessions", as: "member" },
  {
    name: "id-session-over",
    host: "id",
    path: "/account/sessions",
    as: "member",
    answers: { "/api/v1/auth/sessions": 401 },
    allow: refused(401),
  },
  { name: "id-connections", host: "id", path: "/account/connections", as: "member" },
  { name: "id-connections-failed", host: "id", path: "/account/connections?link_error=IDENTITY_CONFLICT&provider=steam", as: "member" },
  {
    name: "id-connections-linked",
    host: "id",
    path: "/account/connections?linked=steam",
    as: "member",
    answers: {
      "/api/v1/auth/oauth/identities": {
        items: [
          { provider: "steam", name: "Steam", kind: "steam", account: "76561197960287930", linked_at: "2026-03-01T12:00:00Z" },
          { provider: "old", name: "old", kind: "oidc", account: "ada", linked_at: "2026-03-01T12:00:00Z" },
        ],
      },
    },
    act: acts.unlinkAccount,
  },
  {
    name: "id-connections-empty",
    host: "id",
    path: "/account/connections",
    as: "member",
    answers: { "/api/v1/auth/oauth/providers": { providers: [] }, "/api/v1/auth/oauth/identities": { items: [] } },
  },
  { name: "id-apps", host: "id", path: "/account/apps", as: "member" },
  {
    name: "id-apps-allowed",
    host: "id",
    path: "/account/apps",
    as: "member",
    answers: {
      "/api/v1/auth/oauth/apps": {
        items: [
          {
            client_id: "wiki",
            name: "Beacon Wiki",
            logo_url: null,
            scopes: ["openid", "profile", "email", "groups", "offline_access"],
            created_at: "2026-03-01T12:00:00Z",
            last_used_at: "2026-03-02T12:00:00Z",
          },
          { client_id: "shop", name: "Лавка", logo_url: null, scopes: ["openid"], created_at: "2026-03-01T12:00:00Z", last_used_at: null },
        ],
      },
    },
    act: acts.endAppAccess,
  },
  { name: "id-missing", host: "id", path: "/no/such/page", as: "member" },
];
