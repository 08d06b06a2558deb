// The pages of achievements and their main states.
import * as acts from "./achievementActs.ts";
import * as badges from "./badgeActs.ts";
import { achievement, champion, chronicler, heart, id, mentor, sharedBadge } from "./demo.ts";
import * as grants from "./grantActs.ts";
import * as rules from "./ruleActs.ts";
import { refused, type State } from "./state.ts";

const list = "/api/v1/gamification/achievements";
const categories = "/achievements/categories";
const nominations = "/achievements/nominations";
const queue = "/api/v1/gamification/nominations";

const times = { created_at: "2026-03-01T12:00:00Z", updated_at: "2026-03-01T12:00:00Z", published_at: "2026-03-01T12:00:00Z" };
const none = { has_rule: false, max_grants: null, issuer_daily_limit: null, expires_after_days: null, points: 0 };
const may = { can_edit: false, can_publish: false, can_hide: false, can_assign: false, can_revoke: false, can_view_private: false };
const tiers = ["gold", "silver", "none", "bronze", "platinum"] as const;
const en = ["Heart of the party", "Regular", "Natural twenty", "Lamp apologist", "Founder"];
const ru = ["Душа компании", "Завсегдатай", "Двадцатка", "Хранитель лампы", "Основатель"];
/** Five achievements of the member. */
const held = {
  next_cursor: null,
  items: tiers.map((tier, i) => ({
    grant: {
      id: id(`a${i}`),
      achievement_id: id(`b${i}`),
      recipient_id: id("02"),
      issuer_id: id("01"),
      reason: i % 2 === 0 ? null : "30 night walks",
      visibility: "public",
      created_at: "2026-03-01T12:00:00Z",
      expires_at: null,
      ended_at: null,
      revoked_at: null,
      revoked_by: null,
      revoke_reason: null,
    },
    achievement: {
      ...times,
      ...none,
      ...may,
      id: id(`b${i}`),
      name_i18n: { en: en[i], ru: ru[i] },
      description: null,
      description_i18n: {},
      category: "community",
      status: "published",
      images: null,
      image_alt: "",
      image_alt_i18n: {},
      holders: 3,
      held_by: 0.12,
      tier,
      rarity: "rare",
      secret: false,
      kind: "once",
      prerequisites: [],
      scope_type: "TENANT",
      scope_id: id("01"),
      created_by: id("01"),
      version: 1,
    },
  })),
};

/** Nominations of all states. */
const decided = {
  next_cursor: null,
  items: (["open", "approved", "declined"] as const).map((status, i) => ({
    id: id(`e${i}`),
    achievement_id: id("b1"),
    nominee_id: id(`0${i + 1}`),
    nominator_id: i === 1 ? null : id("03"),
    text: i === 1 ? "" : "Brings everybody together, week after week, and stays to clean up.",
    status,
    created_at: "2026-03-01T12:00:00Z",
    decided_at: status === "open" ? null : "2026-03-02T12:00:00Z",
    decided_by: status === "open" ? null : id("01"),
    decision_reason: status === "declined" ? "Not yet: let us wait for the summer." : null,
    grant_id: status === "approved" ? id("a1") : null,
  })),
};

export const achievementStates: State[] = [
  { name: "achievements", path: "/achievements", as: "member" },
  { name: "achievements-managed", path: "/achievements", as: "admin" },
  { name: "achievements-drafts", path: "/achievements?status=draft", as: "admin" },
  { name: "achievements-none", path: "/achievements", as: "member", answers: { [list]: { items: [], next_cursor: null } } },
  { name: "achievements-not-found", path: "/achievements?q=nothing-is-called-so", as: "member" },
  { name: "achievements-failed", path: "/achievements", as: "member", answers: { [list]: 500 }, allow: refused(500) },
  { name: "achievement", path: achievement(heart), as: "member" },
  { name: "achievement-limited", path: achievement(champion), as: "member" },
  { name: "achievement-reward", path: achievement(heart), as: "member", act: acts.reward },
  { name: "achievement-reward-deleted", path: achievement(heart), as: "member", act: acts.rewardDeleted },
  { name: "achievement-reward-edit", path: achievement(heart, "/edit"), as: "admin", act: acts.rewardEdited },
  { name: "achievement-menu", path: achievement(heart), as: "admin", act: acts.achievementMenu },
  { name: "achievement-archive", path: achievement(heart), as: "admin", act: acts.archiveAchievement },
  { name: "achievement-grant", path: achievement(heart), as: "admin", act: grants.grantDialog },
  { name: "achievement-grant-report", path: achievement(heart), as: "admin", act: grants.grantReport },
  { name: "achievement-evidence", path: achievement(heart), as: "admin", act: grants.evidence },
  { name: "achievement-grant-event", path: achievement(heart), as: "admin", act: grants.grantToEvent },
  { name: "achievement-grant-check", path: achievement(heart), as: "admin", act: grants.grantCheck },
  { name: "achievement-revoke", path: achievement(heart), as: "admin", act: grants.revokeDialog },
  { name: "achievement-draft", path: achievement(mentor), as: "admin" },
  { name: "achievement-missing", path: `/achievements/${id("99")}`, as: "member", allow: refused(404) },
  { name: "achievement-new", path: "/achievements/new", as: "admin" },
  { name: "achievement-new-wrong", path: "/achievements/new", as: "admin", act: acts.publishEmpty },
  { name: "achievement-new-picture", path: "/achievements/new", as: "admin", act: acts.uploadPicture },
  { name: "achievement-new-picture-wrong", path: "/achievements/new", as: "admin", act: acts.wrongPicture },
  { name: "achievement-new-forbidden", path: "/achievements/new", as: "second" },
  { name: "achievement-edit", path: achievement(heart, "/edit"), as: "admin" },
  { name: "achievement-conflict", path: achievement(heart, "/edit"), as: "admin", act: acts.editConflict, allow: refused(409) },
  { name: "achievement-edit-forbidden", path: achievement(heart, "/edit"), as: "member" },
  { name: "achievement-rule", path: achievement(chronicler), as: "member" },
  { name: "achievement-rule-managed", path: achievement(chronicler), as: "admin" },
  { name: "achievement-nominate", path: achievement(heart), as: "member", act: grants.nominateDialog },
  { name: "rule", path: achievement(chronicler, "/rule"), as: "admin" },
  { name: "rule-new", path: achievement(heart, "/rule"), as: "admin", act: rules.wholeRule },
  { name: "rule-refused", path: achievement(heart, "/rule"), as: "admin", act: rules.refusedRule, allow: refused(422) },
  { name: "rule-changed", path: achievement(chronicler, "/rule"), as: "admin", act: rules.ruleConflict, allow: refused(409) },
  { name: "rule-dry-run", path: achievement(chronicler, "/rule"), as: "admin", act: rules.dryRun },
  { name: "rule-dry-run-empty", path: achievement(heart, "/rule"), as: "admin", act: rules.emptyDryRun },
  { name: "rule-delete", path: achievement(chronicler, "/rule"), as: "admin", act: rules.deleteRule },
  { name: "rule-forbidden", path: achievement(heart, "/rule"), as: "member" },
  { name: "nominations", path: nominations, as: "admin" },
  { name: "nominations-decided", path: `${nominations}?status=all`, as: "admin", answers: { [queue]: decided } },
  { name: "nominations-none", path: nominations, as: "admin", answers: { [queue]: { items: [], next_cursor: null } } },
  { name: "nominations-failed", path: nominations, as: "admin", answers: { [queue]: 500 }, allow: refused(500) },
  { name: "nomination-approve", path: nominations, as: "admin", act: grants.approveDialog },
  { name: "nomination-decline", path: nominations, as: "admin", act: grants.declinedMeanwhile, allow: refused(409) },
  { name: "nominations-mine", path: nominations, as: "member" },
  { name: "nomination-withdraw", path: nominations, as: "member", act: grants.withdrawDialog },
  {
    name: "nominations-mine-none",
    path: nominations,
    as: "member",
    answers: { "/api/v1/gamification/me/nominations": { items: [], next_cursor: null } },
  },
  { name: "showcase", path: `/people/${id("02")}`, as: "member", answers: { "/api/v1/gamification/me/grants": held } },
  {
    name: "showcase-pins",
    path: `/people/${id("02")}`,
    as: "member",
    act: grants.pins,
    answers: { "/api/v1/gamification/me/grants": held },
  },
  { name: "achievements-rarest", path: "/achievements?sort=rarest", as: "member" },
  {
    name: "showcase-empty",
    path: `/people/${id("02")}`,
    as: "member",
    answers: { "/api/v1/gamification/me/grants": { items: [], next_cursor: null } },
  },
  { name: "achievement-share", path: achievement(heart), as: "member", act: badges.shareDialog },
  { name: "showcase-pages", path: `/people/${id("02")}`, as: "member", act: badges.openPages },
  { name: "badge", path: sharedBadge, as: "member" },
  { name: "badge-verified", path: sharedBadge, as: "member", act: badges.verifyBadge },
  { name: "badge-revoked", path: sharedBadge, as: "member", act: badges.revokedBadge },
  { name: "badge-unknown", path: "/badges/none", allow: refused(404) },
  { name: "badge-failed", path: "/badges/none", answers: { "/api/v1/gamification/badges/shared/none": 500 }, allow: /status of (404|500)/ },
  { name: "categories", path: categories, as: "admin" },
  { name: "categories-forbidden", path: categories, as: "member" },
  { name: "category-menu", path: categories, as: "admin", act: acts.categoryMenu },
  { name: "category-new", path: categories, as: "admin", act: acts.newCategory },
  { name: "category-merge", path: categories, as: "admin", act: acts.mergeCategory },
  { name: "category-delete", path: categories, as: "admin", act: acts.deleteCategory },
];
