// From the application to the first sign-in: pages of guests, and of those who decide.
import type { bff as bffApi, identity as api } from "@updspace/api";
import * as acts from "./onboardingActs.ts";
import { refused, type State } from "./state.ts";

type Application = api.components["schemas"]["Application"];
type ApplicationState = api.components["schemas"]["ApplicationState"];
type Form = api.components["schemas"]["ApplicationForm"];
type Invitation = api.components["schemas"]["Invitation"];
type Preview = bffApi.components["schemas"]["InvitationPreview"];

const formPath = "/api/v1/portal/applications/form";
const listPath = "/api/v1/portal/applications";
const statusPath = "/api/v1/portal/applications/status";
const invitationsPath = "/api/v1/portal/invitations";
const previewPath = "/api/v1/invite/preview";
const at = "2026-03-01T12:00:00Z";

const closed: Form = { open: false, membership: "invitation", version: 0, questions: [], form_token: "t", min_seconds: 3 };

const application = (change: Partial<ApplicationState> = {}): ApplicationState => ({
  status: "pending",
  reason: "",
  display_name: "Freya Lind",
  created_at: at,
  reviewed_at: null,
  ...change,
});

const invitation = (change: Partial<Invitation> = {}): Invitation => ({
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  email: "a-rather-long-address-of-somebody@player.test",
  kind: "invitation",
  status: "sent",
  created_at: at,
  sent_at: at,
  expires_at: "2099-03-08T12:00:00Z",
  accepted_at: null,
  ...change,
});

const approved: Application = {
  id: 17,
  tenant_slug: "aef",
  email: "freya@player.test",
  display_name: "Freya Lind",
  payload_json: { email: "freya@player.test", display_name: "Freya Lind", language: "en", answers: { gone: "A question that is gone" } },
  status: "approved",
  reason: "",
  created_at: at,
  reviewed_at: at,
  reviewed_by: null,
  invitation: invitation({ kind: "application", status: "expired" }),
};

const preview = (change: Partial<Preview> = {}): Preview => ({
  email: "freya@player.test",
  display_name: "Freya Lind",
  kind: "application",
  has_account: false,
  expires_at: "2099-03-08T12:00:00Z",
  ...change,
});

const page = (...items: object[]) => ({ items, next_cursor: null });

export const onboardingStates: State[] = [
  { name: "apply", path: "/apply" },
  { name: "apply-incomplete", path: "/apply", act: acts.sendEmpty },
  { name: "apply-closed", path: "/apply", answers: { [formPath]: closed } },
  { name: "apply-failed", path: "/apply", answers: { [formPath]: 500 }, allow: refused(500) },
  { name: "application", path: "/apply#some", answers: { [statusPath]: application() } },
  { name: "application-withdraw", path: "/apply#some", answers: { [statusPath]: application() }, act: acts.withdraw },
  {
    name: "application-rejected",
    path: "/apply#some",
    answers: { [statusPath]: application({ status: "rejected", reason: "We are full this season.", reviewed_at: at }) },
  },
  { name: "application-withdrawn", path: "/apply#some", answers: { [statusPath]: application({ status: "withdrawn" }) } },
  { name: "application-broken", path: "/apply#none", allow: refused(404) },
  { name: "invite", path: "/invite/some", answers: { [previewPath]: preview() } },
  { name: "invite-link", path: "/invite/some", answers: { [previewPath]: preview() }, act: acts.byLink },
  { name: "invite-account", path: "/invite/some", answers: { [previewPath]: preview({ kind: "invitation", has_account: true }) } },
  { name: "invite-broken", path: "/invite/none", allow: refused(404) },
  { name: "manage-applications", path: "/manage/applications", as: "admin" },
  {
    name: "manage-applications-approved",
    path: "/manage/applications?status=approved",
    as: "admin",
    answers: { [listPath]: page(approved) },
  },
  { name: "manage-applications-none", path: "/manage/applications", as: "admin", answers: { [listPath]: page() } },
  { name: "manage-application-reject", path: "/manage/applications", as: "admin", act: acts.reject },
  { name: "manage-applications-forbidden", path: "/manage/applications", as: "member" },
  { name: "manage-form", path: "/manage/application-form", as: "admin" },
  { name: "manage-form-new", path: "/manage/application-form", as: "admin", act: acts.newQuestion },
  { name: "manage-form-none", path: "/manage/application-form", as: "admin", answers: { [formPath]: closed } },
  { name: "manage-form-forbidden", path: "/manage/application-form", as: "member" },
  { name: "manage-invitations", path: "/manage/invitations", as: "admin", answers: { [invitationsPath]: page(invitation()) } },
  { name: "manage-invitations-none", path: "/manage/invitations", as: "admin", answers: { [invitationsPath]: page() } },
  { name: "manage-invitations-list", path: "/manage/invitations", as: "admin", answers: { [invitationsPath]: page() }, act: acts.openList },
  {
    name: "manage-invitation-revoke",
    path: "/manage/invitations",
    as: "admin",
    answers: { [invitationsPath]: page(invitation()) },
    act: acts.revoke,
  },
  { name: "manage-invitations-forbidden", path: "/manage/invitations", as: "member" },
];
