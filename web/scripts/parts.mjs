// Messages that only some routes need come with those routes: this says which they are, and checks that nothing else names them.
// A key belongs to the part that its first word is listed in, or what it begins with, else to the core, which every page loads at its start.

/**
 * Sentences for errors that only programs and administrators get. Keys of errors are put together from codes, so no source names them: a page
 * without the part shows the server's own words.
 */
const codes = [
  "ACCOUNT_LINK_",
  "ACCOUNT_NOT_ELIGIBLE",
  "ACHIEVEMENT_",
  "ALREADY_INVITED",
  "APPLICATIONS_CLOSED",
  "CATEGORY_",
  "CLIENT_EXISTS",
  "CLIENT_NOT_FOUND",
  "CLIENT_PROTECTED",
  "CLIENT_WITHOUT_SECRET",
  "CODE_EXPIRED",
  "CONSENT_NOT_FOUND",
  "CONSENT_REQUIRED",
  "DELIVERY_",
  "DISCORD_",
  "EMAIL_ALREADY_EXISTS",
  "EMAIL_VERIFICATION_REQUIRED",
  "FORM_",
  "GUARDIAN_EMAIL_REQUIRED",
  "HOOK_",
  "IDENTITY_",
  "INBOUND_MAIL_OFF",
  "INVALID_APPLICATION_STATUS",
  "INVALID_CLIENT",
  "INVALID_CODE",
  "INVALID_CREDENTIALS",
  "INVALID_EVENT_TYPES",
  "INVALID_FORM_TOKEN",
  "INVALID_FROM",
  "INVALID_ID_TOKEN",
  "INVALID_INVITATION_STATUS",
  "INVALID_LOGOUT_TOKEN",
  "INVALID_MFA_CODE",
  "INVALID_OR_EXPIRED_TOKEN",
  "INVALID_PASSWORD",
  "INVALID_PKCE",
  "INVALID_REDIRECT_URI",
  "INVALID_REFRESH_TOKEN",
  "INVALID_REQUEST",
  "INVALID_SCOPE",
  "INVALID_TO",
  "KEY_NOT_FOUND",
  "KEY_PENDING",
  "LAST_ADMIN",
  "LAST_SYSTEM_ADMIN",
  "LAST_WAY_IN",
  "LEADERBOARD_NOT_FOUND",
  "LEVELS_CHANGED",
  "LINK_EXPIRED",
  "LOGIN_",
  "LOGIN_RATE_LIMITED",
  "MAIL_",
  "MANAGED_BY_",
  "MEMBERSHIP_NOT_FOUND",
  "KEY_PENDING",
  "METHOD_NOT_ALLOWED",
  "MFA_REQUIRED",
  "MISSING_TENANT_CONTEXT",
  "NO_OLD_SECRET",
  "NOT_IMPLEMENTED",
  "NOT_RECURRING",
  "NO_UPDATES",
  "OAUTH_ERROR",
  "OWN_ACCOUNT",
  "PARENTAL_CONSENT_REQUIRED",
  "PASSKEY_",
  "PASSWORD_REQUIRED",
  "PERMISSION_NOT_",
  "PKCE_REQUIRED",
  "PROVIDER_",
  "RANGE_NOT_SATISFIABLE",
  "REAUTHENTICATION_",
  "REGISTER_RATE_LIMITED",
  "REGISTRATION_CLOSED",
  "REQUEST_EXPIRED",
  "REQUEST_NOT_SUPPORTED",
  "REQUEST_URI_NOT_SUPPORTED",
  "RESET_NOT_POSSIBLE",
  "ROLE_EXISTS",
  "ROLE_MAPPING",
  "ROLE_NOT_FOUND",
  "ROLE_NOT_PAIRABLE",
  "ROLE_PAIR_FORBIDDEN",
  "ROLE_SYNC_NOT_FOUND",
  "RULE_",
  "SEASON",
  "SECOND_FACTOR_REQUIRED",
  "SECOND_STEP_REQUIRED",
  "SEAL_KEY_MISSING",
  "SESSION_NOT_FOUND",
  "SOURCE_",
  "STATUS_LIST_NOT_FOUND",
  "SYNC_TOO_SOON",
  "TENANT_CHANGED",
  "TENANT_CLOSED",
  "TWO_SECRETS",
  "TOKEN_EXCHANGE_FAILED",
  "TOKEN_REVOKED",
  "TOO_MANY_CATEGORIES",
  "TOO_MANY_KEYS",
  "TOO_MANY_PASSKEYS",
  "TOO_MANY_ROLE_MAPPINGS",
  "TOO_MANY_RULES",
  "TOO_MANY_SEASONS",
  "TOO_MANY_SOURCES",
  "TOO_MANY_STREAMS",
  "TOO_MANY_WEBHOOKS",
  "TOTP_",
  "UNAUTHORIZED_GRANT_TYPE",
  "UNKNOWN_KEY",
  "UNSUPPORTED_GRANT_TYPE",
  "UNSUPPORTED_RESPONSE_TYPE",
  "OWN_ACCOUNT",
  "SEAL_KEY_MISSING",
  "TENANT_ALREADY_EXISTS",
  "TENANT_OPEN",
  "TWO_SECRETS",
  "USER_NOT_ELIGIBLE",
  "WEBHOOK_",
]
  .map((code) => `error.${code}`)
  .concat("field.TOO_COMMON");

/** By frontend and part: the first words or the beginnings of its keys, and where they may be named (beginnings of paths in web/). */
export const parts = {
  portal: {
    manage: { keys: ["manage", "journal"], where: ["portal/src/features/manage/"] },
    rights: {
      keys: ["permission", "service", "role", "why"],
      where: ["kit/src/why.tsx", "kit/src/permissionWords.ts", "portal/src/features/manage/", "portal/src/features/developers/"],
    },
    apply: { keys: ["apply"], where: ["portal/src/features/onboarding/"] },
    polls: { keys: ["polls"], where: ["portal/src/features/polls/"] },
    badges: { keys: ["badges"], where: ["portal/src/features/badges/"] },
    achievements: { keys: ["achievements"], where: ["portal/src/features/achievements/"] },
    points: { keys: ["points"], where: ["portal/src/features/points/"] },
    rules: { keys: ["rules"], where: ["portal/src/features/achievements/rule/"] },
    feed: { keys: ["feed"], where: ["portal/src/features/feed/"] },
    calendar: { keys: ["calendar"], where: ["portal/src/features/events/"] },
    codes: { keys: codes, where: [] },
    developers: { keys: ["developers"], where: ["portal/src/features/developers/"] },
    reminders: {
      keys: ["reminders"],
      where: ["portal/src/reminders/", "portal/src/features/events/", "portal/src/features/settings/"],
    },
    guest: {
      keys: ["guest", "join"],
      where: ["portal/src/features/guest/", "portal/src/features/groups/JoinPage.tsx", "portal/src/features/events/InvitationPage.tsx"],
    },
    // The feed names the type of their items.
    news: { keys: ["news"], where: ["portal/src/features/news/", "portal/src/features/feed/queries.ts"] },
    notifications: { keys: ["notifications"], where: ["portal/src/features/notifications/", "portal/src/features/settings/"] },
    settings: { keys: ["settings"], where: ["portal/src/features/settings/"] },
  },
  id: {
    admin: { keys: ["admin"], where: ["id/src/features/admin/", "id/src/routes/admin.", "id/src/shell/AdminShell.tsx"] },
    rights: { keys: ["permission", "service", "role", "why"], where: ["kit/src/why.tsx", "kit/src/permissionWords.ts"] },
  },
};

/** The part of a key. */
export function partOf(key, ofApp) {
  const first = key.split(".")[0];
  const owns = (part) => ofApp[part].keys.some((begin) => begin === first || (begin.includes(".") && key.startsWith(begin)));
  return Object.keys(ofApp).find(owns) ?? "core";
}

/** Compiled messages by part; each part is there, also when it is empty. */
export function split(messages, ofApp) {
  const out = Object.fromEntries(["core", ...Object.keys(ofApp)].map((part) => [part, {}]));
  for (const [key, value] of Object.entries(messages)) out[partOf(key, ofApp)][key] = value;
  return out;
}

/** The parts that a route asks for: its own file and those of its parents, so polls.tsx for polls.new.tsx. `read` gives undefined for no file. */
export function partsOfRoute(route, read) {
  const segments = route.replace(/\.tsx$/, "").split(".");
  const files = segments.map((_, i) => `${segments.slice(0, i + 1).join(".")}.tsx`);
  const asked = files.flatMap((file) => [...(read(file) ?? "").matchAll(/words\.need\(([^)]*)\)/g)]);
  return [...new Set(asked.flatMap(([, list]) => [...list.matchAll(/"(\w+)"/g)].map((m) => m[1])))];
}

/** What names a part from outside of it: `files` are the sources by their path in web/. */
export function strays(files, ofApp) {
  const found = [];
  const routes = "portal/src/routes/";
  const read = (file) => files[routes + file];
  for (const [path, text] of Object.entries(files)) {
    const asked = path.startsWith(routes) ? partsOfRoute(path.slice(routes.length), read) : [];
    for (const [part, { keys, where }] of Object.entries(ofApp)) {
      if (where.some((place) => path.startsWith(place)) || asked.includes(part)) continue;
      for (const [, key] of text.matchAll(/["'`]([a-z][\w.]*\.[\w.]*)(?:["'`]|\$\{)/g))
        if (keys.includes(key.split(".")[0])) found.push(`${path} names ${key}, which is in the part ${part}`);
      for (const [, from] of text.matchAll(/(?:from|import\() ?"([^"]+)"/g)) {
        const target = from.replace("@updspace/kit/", "kit/src/").replace(/^\.\.\/features\//, "portal/src/features/");
        const page = target.endsWith(".tsx") || target.startsWith("kit/"); // rules, queries and constants have no words
        if (page && where.some((place) => target.startsWith(place))) found.push(`${path} uses ${from} without the part ${part}`);
      }
    }
  }
  return found;
}
