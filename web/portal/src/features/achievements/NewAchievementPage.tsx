import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { gamification, ok } from "@updspace/kit/api.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot, may, useSession } from "../../session.ts";
import { created, emptyValues, type Place, type Values } from "./edits.ts";
import { Editor } from "./Editor.tsx";
import { useAchievementPlaces } from "./places.ts";
import { achievementKeys } from "./parts.ts";
import { categoriesQuery } from "./queries.ts";

/** A new achievement, of the whole space or of a community or team that the person owns. */
export function NewAchievementPage() {
  const intl = useIntl();
  const navigate = useNavigate();
  const session = useSession();
  const { data: categories } = useSuspenseQuery(categoriesQuery);
  const { tenant, groups } = useAchievementPlaces();
  const places = [...(tenant ? [{ id: "TENANT", name: boot.tenant?.name ?? "" }] : []), ...groups.map(({ id, name }) => ({ id, name }))];
  const [chosen, setPlace] = useState<string>();
  const place = places.find((p) => p.id === chosen)?.id ?? places[0]?.id;
  const group = groups.find((g) => g.id === place);
  const scope: Place = group ? { scope_type: group.kind, scope_id: group.id } : { scope_type: "TENANT" };
  const first = categories.find((c) => c.is_active);
  const [empty] = useState(() => emptyValues(first?.id ?? ""));
  const create = useAction({
    run: ({ values, publish }: { values: Values; publish: boolean }, headers) =>
      ok(gamification.POST("/api/v1/gamification/achievements", { body: created(values, scope, publish), headers })),
    stale: achievementKeys,
    onDone: (a) => void navigate({ to: "/achievements/$id", params: { id: a.id } }),
  });
  const head = (
    <PageHead
      title={intl.formatMessage({ id: "achievements.new" })}
      back={{ href: "/achievements", name: intl.formatMessage({ id: "nav.achievements" }) }}
    />
  );
  if (place === undefined || first === undefined) {
    const forbidden = place === undefined;
    const mayMakeCategories = !forbidden && may(session, "gamification.achievements.edit");
    return (
      <>
        {head}
        <div className="card">
          <EmptyState
            shape="patch"
            title={intl.formatMessage({ id: forbidden ? "achievements.new.forbidden" : "achievements.new.nowhere" })}
            {...(mayMakeCategories && {
              action: (
                <LinkButton href="/achievements/categories" variant="primary">
                  <FormattedMessage id="achievements.categories" />
                </LinkButton>
              ),
            })}
          >
            <FormattedMessage id={forbidden ? "achievements.empty.who" : "achievements.new.nowhere.text"} />
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <>
      {head}
      <Editor
        values={empty}
        categories={categories}
        action={create}
        onSubmit={(values, publish) => create.start({ values, publish })}
        back="/achievements"
        place={{ value: place, choices: places, onChange: setPlace }}
        scope={scope}
        mayPublish={group ? true : may(session, "gamification.achievements.publish")}
      />
    </>
  );
}
