import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { achievementQuery } from "../features/achievements/queries.ts";
import { RulePage } from "../features/achievements/rule/RulePage.tsx";
import { ruleQuery } from "../features/achievements/ruleQueries.ts";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/achievements/$id/rule")({
  beforeLoad: requireSession,
  loader: async ({ context: { queries }, params: { id } }) => {
    const both = Promise.all([queries.ensureQueryData(achievementQuery(id)), words.need("rules")]);
    const [achievement] = await both;
    if (achievement.has_rule && achievement.can_edit) await queries.ensureQueryData(ruleQuery(id));
  },
  component: Page,
});

const route = getRouteApi("/achievements/$id/rule"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <RulePage key={id} id={id} />;
}
