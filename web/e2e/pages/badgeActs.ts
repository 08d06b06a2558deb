// What a person does to bring what shows badges outside of the platform into a state.
import { button, dialog, type Act } from "./acts.ts";
import { id } from "./demo.ts";
import { reload } from "./loaded.ts";

/** The holder opens the dialog; the badge of the demo data is shared, so the address is there. */
export const shareDialog: Act = async (page, t) => {
  await button(page, t("achievements.share")).click();
  await dialog(page, t);
  await page.getByLabel(t("achievements.share.address")).waitFor();
};

/** Two pages are open, one of them of an award that was revoked. */
export const openPages: Act = async (page, t) => {
  const badge = { credential_id: null, issued_at: null, name: null, language: null, shared_at: "2026-03-01T12:00:00Z" };
  const items = (["valid", "revoked"] as const).map((state, i) => ({
    badge: { ...badge, state, grant_id: id(`a${i}`), achievement_id: id(`b${i}`), shared_path: `/badges/page-${i}` },
    name_i18n: { en: "Heart of the party", ru: "Душа компании" },
  }));
  await page.route("**/api/v1/gamification/me/badges/shared?*", (route) => route.fulfill({ json: { items, next_cursor: null } }));
  await reload(page);
  await button(page, t("achievements.pages")).click();
  await dialog(page, t);
  await page.getByText(t("achievements.pages.revoked")).waitFor();
};

export const verifyBadge: Act = async (page, t) => {
  await button(page, t("badges.verify")).click();
  await page.getByText(t("badges.verified")).waitFor();
};

/** The community has revoked the badge meanwhile, which names its holder. */
export const revokedBadge: Act = async (page, t) => {
  const badge = {
    name_i18n: { en: "Heart of the party", ru: "Душа компании" },
    description: null,
    description_i18n: { en: "For those who bring the others together.", ru: "За тех, кто собирает остальных." },
    image_alt: "",
    image_alt_i18n: {},
    tier: "gold",
    state: "revoked",
    awarded_at: "2026-03-01T12:00:00Z",
    expires_at: "2027-03-01T12:00:00Z",
    ended_at: "2026-03-02T12:00:00Z",
    recipient_name: "Мария Константиновна П.",
    issuer_name: "AEF",
    issuer_id: "did:web:aef.localhost",
    issuer_url: "http://aef.localhost",
    credential_id: `urn:uuid:${id("a1")}`,
  };
  await page.route("**/api/v1/gamification/badges/shared/*", (route) => route.fulfill({ json: badge }));
  const names = ["format", "issuer_key", "signature", "schema", "claims", "time", "status"];
  await page.route("**/api/v1/gamification/badges/shared/*/verification", (route) =>
    route.fulfill({
      json: {
        valid: false,
        checked_at: "2026-03-01T12:00:00Z",
        checks: names.map((name) => ({
          name,
          outcome: name === "status" ? "failed" : name === "time" ? "not_checked" : "passed",
          reason: "x",
        })),
      },
    }),
  );
  await reload(page);
  await button(page, t("badges.verify")).click();
  await page.getByText(t("badges.refused")).waitFor();
};
