// Webhooks and sources: pages and their dialogs.
import * as hookActs from "./hookActs.ts";
import { id } from "./demo.ts";
import { delivery, deliveries, discord, roleSync, source, sources, syncedPeople, webhook } from "./hooks.ts";
import { refused, type State } from "./state.ts";

const list = "/api/v1/activity/webhooks";
const one = `${list}/${webhook.id}`;
const log = `${one}/deliveries`;
const path = `/manage/webhooks/${webhook.id}`;
const sourcesPath = "/api/v1/activity/admin/sources";
const syncPath = `${sourcesPath}/${discord.id}/role-sync`;
const rolesPage = `/manage/sources/${discord.id}`;
const synced = {
  [syncPath]: roleSync,
  [`${syncPath}/people`]: syncedPeople,
  [`${syncPath}/discord-roles`]: { items: [{ id: "81384788765712385", name: "Scouts" }] },
};
const shown = { [one]: webhook, [log]: deliveries, [`${log}/${delivery.delivery.id}`]: delivery };
const secret = { webhook, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=", previous_until: null };
const made = { source, secret: secret.secret, secret_hex: "31f290f6bf0618aaab4f08d43c3f082c", previous_until: null };

export const hookStates: State[] = [
  { name: "manage-webhooks", path: "/manage/webhooks", as: "admin", answers: { [list]: { items: [webhook] } } },
  { name: "manage-webhooks-empty", path: "/manage/webhooks", as: "admin", answers: { [list]: { items: [] } } },
  { name: "manage-webhooks-failed", path: "/manage/webhooks", as: "admin", answers: { [list]: 500 }, allow: refused(500) },
  { name: "manage-webhook-new", path: "/manage/webhooks", as: "admin", act: hookActs.newWebhook },
  { name: "manage-webhook", path, as: "admin", answers: shown },
  { name: "manage-webhook-quiet", path, as: "admin", answers: { [one]: webhook, [log]: { items: [], next_cursor: null } } },
  { name: "manage-webhook-missing", path: `/manage/webhooks/${id("00")}`, as: "admin", allow: refused(404) },
  { name: "manage-webhook-edit", path, as: "admin", answers: shown, act: hookActs.editWebhook },
  {
    name: "manage-webhook-secret",
    path,
    as: "admin",
    answers: { ...shown, [`${one}/rotate-secret`]: secret },
    act: hookActs.rotate,
  },
  { name: "manage-webhook-delete", path, as: "admin", answers: shown, act: hookActs.deleteWebhook },
  { name: "manage-webhook-delivery", path, as: "admin", answers: shown, act: hookActs.delivery },
  { name: "manage-sources", path: "/manage/sources", as: "admin", answers: { [sourcesPath]: sources } },
  { name: "manage-sources-empty", path: "/manage/sources", as: "admin", answers: { [sourcesPath]: { items: [] } } },
  { name: "manage-sources-failed", path: "/manage/sources", as: "admin", answers: { [sourcesPath]: 500 }, allow: refused(500) },
  { name: "manage-source-new", path: "/manage/sources", as: "admin", act: hookActs.newSource },
  { name: "manage-source-edit", path: "/manage/sources", as: "admin", answers: { [sourcesPath]: sources }, act: hookActs.editSource },
  {
    name: "manage-source-connect",
    path: "/manage/sources",
    as: "admin",
    // The list and the new secret have different paths.
    answers: { [sourcesPath]: sources, [`${sourcesPath}/${source.id}/rotate-secret`]: made },
    act: hookActs.connect,
  },
  { name: "manage-discord-commands-new", path: "/manage/sources", as: "admin", act: hookActs.newDiscordCommands },
  { name: "manage-discord-target-new", path: "/manage/webhooks", as: "admin", act: hookActs.newDiscordTarget },
  { name: "manage-discord-roles", path: rolesPage, as: "admin", answers: synced },
  {
    name: "manage-discord-roles-new",
    path: rolesPage,
    as: "admin",
    answers: { [syncPath]: 404 },
    allow: refused(404),
  },
  { name: "manage-discord-roles-failed", path: rolesPage, as: "admin", answers: { [syncPath]: 500 }, allow: refused(500) },
  { name: "manage-discord-roles-pair", path: rolesPage, as: "admin", answers: synced, act: hookActs.pairRoles },
  { name: "manage-discord-roles-separate", path: rolesPage, as: "admin", answers: synced, act: hookActs.separateRoles },
  { name: "manage-source-delete", path: "/manage/sources", as: "admin", answers: { [sourcesPath]: sources }, act: hookActs.deleteSource },
];
