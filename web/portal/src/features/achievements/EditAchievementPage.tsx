import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Conflict } from "./Conflict.tsx";
import { changed, merged, valuesOf, type Field, type Values } from "./edits.ts";
import { Editor } from "./Editor.tsx";
import { achievementKeys, unchanged } from "./parts.ts";
import { achievementQuery, categoriesQuery, type Achievement } from "./queries.ts";
import { RewardCard } from "./Reward.tsx";
import { useTexts } from "./words.tsx";

interface Round {
  /** What the changes are made from. */
  base: Achievement;
  values: Values;
  /** What others changed meanwhile, and so did the person. */
  both?: Field[];
}

/** Changes an achievement. What others change meanwhile is kept: both changes come together, and the person looks them through. */
export function EditAchievementPage({ id }: { id: string }) {
  const intl = useIntl();
  const texts = useTexts();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data } = useSuspenseQuery(achievementQuery(id));
  const { data: categories } = useSuspenseQuery(categoriesQuery);
  const [{ base, values, both }, setRound] = useState<Round>(() => ({ base: data, values: valuesOf(data) }));
  const back = `/achievements/${id}`;
  const save = useAction({
    run: async (mine: Values, headers) => {
      const body = changed(valuesOf(base), mine);
      if (Object.keys(body).length === 0) return base;
      try {
        const params = { path: { achievement_id: id }, header: { ...headers, ...unchanged(base) } };
        return await ok(gamification.PATCH("/api/v1/gamification/achievements/{achievement_id}", { params, body }));
      } catch (e) {
        if (!(e instanceof ApiError) || e.code !== "ACHIEVEMENT_CHANGED") throw e;
        const theirs = await client.fetchQuery({ ...achievementQuery(id), staleTime: 0 });
        const together = merged(valuesOf(base), mine, valuesOf(theirs));
        setRound({ base: theirs, ...together });
        return undefined;
      }
    },
    stale: achievementKeys,
    onDone: (saved) => {
      if (saved) void navigate({ to: "/achievements/$id", params: { id } });
    },
  });
  const name = texts(base.name_i18n);
  const head = <PageHead title={intl.formatMessage({ id: "achievements.edit.title" })} back={{ href: back, name }} />;
  if (!base.can_edit) {
    return (
      <>
        {head}
        <div className="card">
          <EmptyState shape="patch" title={intl.formatMessage({ id: "achievements.edit.forbidden" })}>
            <FormattedMessage id="achievements.empty.who" />
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <>
      {head}
      {both && <Conflict key={base.version} both={both} theirs={valuesOf(base)} />}
      <Editor
        key={base.version}
        achievement={base}
        values={values}
        categories={categories}
        action={save}
        onSubmit={(mine) => save.start(mine)}
        back={back}
      />
      <RewardCard id={id} />
    </>
  );
}
