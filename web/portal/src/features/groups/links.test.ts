import { expect, test } from "vitest";
import { linkState } from "./links.ts";
import type { InviteLink } from "./queries.ts";

const now = Date.parse("2026-03-02T12:00:00Z");
const link: InviteLink = {
  id: "01890a5d-ac96-774b-bcce-b302099a8058",
  scope_type: "COMMUNITY",
  scope_id: "01890a5d-ac96-774b-bcce-b302099a8057",
  community_id: "01890a5d-ac96-774b-bcce-b302099a8057",
  max_uses: 2,
  uses: 1,
  created_by: "00000000-0000-4000-8000-000000000001",
  created_at: "2026-03-01T12:00:00Z",
  expires_at: "2026-03-15T12:00:00Z",
  revoked_at: null,
};

test.each<[string, Partial<InviteLink>]>([
  ["open", {}],
  ["open", { max_uses: null, uses: 500 }],
  ["usedUp", { uses: 2 }],
  ["expired", { expires_at: "2026-03-02T12:00:00Z" }],
  ["ended", { revoked_at: "2026-03-02T11:00:00Z", uses: 2 }],
])("a link is %s", (state, part) => expect(linkState({ ...link, ...part }, now)).toBe(state));
