import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { CircleSlash2, Plus } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { RankList } from "@updspace/ui/RankList";
import { TextLink } from "@updspace/ui/TextLink";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { CategoryDialog } from "./CategoryDialog.tsx";
import { CategoryMenu } from "./CategoryMenu.tsx";
import { categoryKeys } from "./parts.ts";
import { categoriesQuery, type Category } from "./queries.ts";
import { useTexts } from "./words.tsx";

/** The categories of the catalogue, in their order, for those who run them. */
export function CategoriesPage({ manage }: { manage: boolean }) {
  const intl = useIntl();
  const { data: categories } = useSuspenseQuery(categoriesQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "achievements.categories" })}
        sub={intl.formatMessage({ id: "achievements.categories.sub" })}
        back={{ href: "/achievements", name: intl.formatMessage({ id: "nav.achievements" }) }}
      >
        {manage && (
          <Button variant="primary" onPress={() => setMaking(true)}>
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.categories.new" />
          </Button>
        )}
      </PageHead>
      {!manage || categories.length === 0 ? (
        <div className="card">
          <EmptyState
            shape="patch"
            title={intl.formatMessage({ id: manage ? "achievements.categories.none" : "achievements.categories.forbidden" })}
          >
            <FormattedMessage id={manage ? "achievements.categories.none.text" : "achievements.categories.who"} />
          </EmptyState>
        </div>
      ) : (
        <Order categories={categories} />
      )}
      {making && <CategoryDialog categories={categories} onClose={() => setMaking(false)} />}
    </>
  );
}

/** The list, which a move reorders at once; when the server refuses the order is as before. */
function Order({ categories }: { categories: readonly Category[] }) {
  const intl = useIntl();
  const texts = useTexts();
  const client = useQueryClient();
  const order = useAction({
    run: async (ids: string[], headers) => {
      const before = client.getQueryData(categoriesQuery.queryKey);
      const at = (c: Category) => ids.indexOf(c.id);
      client.setQueryData(categoriesQuery.queryKey, (now) => now?.toSorted((a, b) => at(a) - at(b)));
      try {
        return await ok(gamification.PUT("/api/v1/gamification/category-order", { body: { ids }, headers }));
      } catch (e) {
        client.setQueryData(categoriesQuery.queryKey, before);
        throw e;
      }
    },
    stale: categoryKeys,
  });
  return (
    <div className="vstack s">
      <ActionError error={order.error} />
      <div className="card">
        <RankList
          label={intl.formatMessage({ id: "achievements.categories" })}
          words={{
            drag: (name) => intl.formatMessage({ id: "achievements.categories.drag" }, { name }),
            up: (name) => intl.formatMessage({ id: "achievements.categories.up" }, { name }),
            down: (name) => intl.formatMessage({ id: "achievements.categories.down" }, { name }),
          }}
          items={categories.map((c) => ({
            id: c.id,
            name: texts(c.name_i18n),
            content: <CategoryLine category={c} />,
            actions: <CategoryMenu category={c} categories={categories} />,
          }))}
          onOrder={(ids) => order.start(ids)}
        />
      </div>
    </div>
  );
}

/** A category: its name, what it is called in other languages, and whether it is retired. */
function CategoryLine({ category: c }: { category: Category }) {
  const texts = useTexts();
  const name = texts(c.name_i18n);
  const others = Object.values(c.name_i18n).filter((other) => other !== name);
  return (
    <div className="vstack xs">
      <span className="line">
        <TextLink href={`/achievements?category=${c.id}`} className={`strong ${css["open"]}`}>
          <bdi>{name}</bdi>
        </TextLink>
        {!c.is_active && (
          <span className="state quiet">
            <CircleSlash2 className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.categories.retired" />
          </span>
        )}
      </span>
      <span className="small muted line dots">
        {others.map((other) => (
          <bdi key={other}>{other}</bdi>
        ))}
        <code>{c.id}</code>
      </span>
    </div>
  );
}
