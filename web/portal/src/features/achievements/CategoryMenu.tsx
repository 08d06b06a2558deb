import { CircleSlash2, Ellipsis, Merge, PencilLine, RotateCcw, Trash2 } from "lucide-react";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Dialog } from "@updspace/ui/Dialog";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { Select } from "@updspace/ui/Select";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { CategoryDialog } from "./CategoryDialog.tsx";
import { categoryKeys, unchanged } from "./parts.ts";
import type { Category } from "./queries.ts";
import { useTexts } from "./words.tsx";

interface CategoryMenuProps {
  category: Category;
  categories: readonly Category[];
}

type Asked = "rename" | "merge" | "delete";

/** What can be done with a category: rename, retire or bring back, merge into another, delete. */
export function CategoryMenu({ category: c, categories }: CategoryMenuProps) {
  const intl = useIntl();
  const name = useTexts()(c.name_i18n);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const params = (headers: { "X-Request-Id": string }) => ({ path: { category_id: c.id }, header: { ...headers, ...unchanged(c) } });
  const retire = useAction({
    run: (is_active: boolean, headers) =>
      ok(gamification.PATCH("/api/v1/gamification/categories/{category_id}", { params: params(headers), body: { is_active } })),
    stale: categoryKeys,
    done: (now) =>
      intl.formatMessage({ id: now.is_active ? "achievements.categories.back.done" : "achievements.categories.retire.done" }, { name }),
  });
  const remove = useAction({
    run: (_: void, headers) => ok(gamification.DELETE("/api/v1/gamification/categories/{category_id}", { params: params(headers) })),
    stale: categoryKeys,
    done: intl.formatMessage({ id: "achievements.categories.deleted" }, { name }),
    onDone: close,
  });
  const label = intl.formatMessage({ id: "achievements.categories.menu" }, { name });
  const inUse = remove.error instanceof ApiError && remove.error.code === "CATEGORY_IN_USE";
  const others = categories.filter((other) => other.id !== c.id);
  const retiring = c.is_active ? "retire" : "back";
  return (
    <>
      <Menu
        label={label}
        trigger={
          <IconButton label={label}>
            <Ellipsis className="i" aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem text={intl.formatMessage({ id: "achievements.categories.rename" })} onAction={() => setAsked("rename")}>
          <PencilLine className="i s" aria-hidden="true" />
          <FormattedMessage id="achievements.categories.rename" />
        </MenuItem>
        <MenuItem text={intl.formatMessage({ id: `achievements.categories.${retiring}` })} onAction={() => retire.start(!c.is_active)}>
          {c.is_active ? <CircleSlash2 className="i s" aria-hidden="true" /> : <RotateCcw className="i s" aria-hidden="true" />}
          <FormattedMessage id={`achievements.categories.${retiring}`} />
        </MenuItem>
        {others.length > 0 && (
          <MenuItem text={intl.formatMessage({ id: "achievements.categories.merge" })} onAction={() => setAsked("merge")}>
            <Merge className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.categories.merge" />
          </MenuItem>
        )}
        <MenuItem text={intl.formatMessage({ id: "achievements.categories.delete" })} danger onAction={() => setAsked("delete")}>
          <Trash2 className="i s" aria-hidden="true" />
          <FormattedMessage id="achievements.categories.delete" />
        </MenuItem>
      </Menu>
      <ActionError error={retire.error} />
      {asked === "rename" && <CategoryDialog category={c} categories={categories} onClose={close} />}
      {asked === "merge" && <MergeDialog category={c} others={others} onClose={close} />}
      <Confirm
        open={asked === "delete"}
        onClose={close}
        title={intl.formatMessage({ id: "achievements.categories.delete.title" }, { name })}
        action={intl.formatMessage({ id: inUse ? "achievements.categories.merge" : "achievements.categories.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger={!inUse}
        pending={remove.pending}
        onConfirm={() => (inUse ? setAsked("merge") : remove.start())}
      >
        <p>
          <FormattedMessage id="achievements.categories.delete.text" />
        </p>
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}

/** Moves all achievements of a category into another one, and ends it. */
function MergeDialog({ category, others, onClose }: { category: Category; others: readonly Category[]; onClose: () => void }) {
  const intl = useIntl();
  const texts = useTexts();
  const name = texts(category.name_i18n);
  const [into, setInto] = useState(others[0]?.id ?? "");
  const merge = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.POST("/api/v1/gamification/categories/{category_id}/merge", {
          params: { path: { category_id: category.id } },
          body: { into },
          headers,
        }),
      ),
    stale: categoryKeys,
    done: (now) => intl.formatMessage({ id: "achievements.categories.merged" }, { name, into: texts(now.name_i18n) }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.categories.merge.title" }, { name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <p className="muted">
          <FormattedMessage id="achievements.categories.merge.text" values={{ name }} />
        </p>
        <ActionError error={merge.error} />
        <Select
          label={intl.formatMessage({ id: "achievements.categories.into" })}
          value={into}
          onChange={setInto}
          choices={others.map((o) => ({ id: o.id, name: texts(o.name_i18n) }))}
        />
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button variant="primary" pending={merge.pending} onPress={() => merge.start()}>
            <FormattedMessage id="achievements.categories.merge.do" />
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
