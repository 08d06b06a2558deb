import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArchiveRestore, Ellipsis, ImagePlus, PencilLine, Trash2, Workflow } from "lucide-react";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { achievementKeys, unchanged } from "./parts.ts";
import type { Achievement, Status } from "./queries.ts";
import { stateIcons, useTexts } from "./words.tsx";

type Asked = "archive" | "delete";

/** What those may do who run the achievement: edit it, publish, hide or archive it, and delete a draft. */
export function AchievementActions({ achievement: a }: { achievement: Achievement }) {
  const intl = useIntl();
  const name = useTexts()(a.name_i18n);
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const path = { achievement_id: a.id };
  /** A change of what has been changed meanwhile is refused; then the page shows what it is now. */
  const fresh = async <T,>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (e) {
      if (e instanceof ApiError && e.code === "ACHIEVEMENT_CHANGED") await client.invalidateQueries({ queryKey: achievementKeys[0] });
      throw e;
    }
  };
  const become = useAction({
    run: (status: Status, headers) =>
      fresh(
        ok(
          gamification.PATCH("/api/v1/gamification/achievements/{achievement_id}", {
            params: { path, header: { ...headers, ...unchanged(a) } },
            body: { status },
          }),
        ),
      ),
    stale: achievementKeys,
    done: (now) => intl.formatMessage({ id: `achievements.became.${now.status}` }, { name }),
    onDone: () => setAsked(undefined),
  });
  const remove = useAction({
    run: async (_: void, headers) => {
      await fresh(
        ok(
          gamification.DELETE("/api/v1/gamification/achievements/{achievement_id}", {
            params: { path, header: { ...headers, ...unchanged(a) } },
          }),
        ),
      );
      await navigate({ to: "/achievements", search: { status: "draft" }, replace: true });
    },
    stale: achievementKeys,
    done: intl.formatMessage({ id: "achievements.deleted" }, { name }),
  });
  if (!a.can_edit && !a.can_publish && !a.can_hide) return null;
  const picture = a.images !== null && Object.values(a.images).some((address) => address !== null && address !== "");
  const archivable = a.status === "published" || a.status === "hidden";
  const label = intl.formatMessage({ id: "achievements.menu" }, { name });
  const more = (archivable && a.can_edit) || a.can_hide || (a.status === "draft" && a.can_edit);
  return (
    <div className={css["acts"]}>
      <div className="btns">
        {a.can_edit && (
          <LinkButton href={`/achievements/${a.id}/edit`}>
            <PencilLine className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.edit" />
          </LinkButton>
        )}
        {a.can_edit && (
          <LinkButton href={`/achievements/${a.id}/rule`}>
            <Workflow className="i s" aria-hidden="true" />
            <FormattedMessage id={a.has_rule ? "achievements.rule" : "achievements.rule.give"} />
          </LinkButton>
        )}
        {a.can_publish && picture && (
          <Button variant="primary" pending={become.pending} onPress={() => become.start("published")}>
            <FormattedMessage id="achievements.publish" />
          </Button>
        )}
        {a.can_publish && a.can_edit && !picture && (
          <LinkButton href={`/achievements/${a.id}/edit#picture`} variant="primary">
            <ImagePlus className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.publish.picture" />
          </LinkButton>
        )}
        {more && (
          <Menu
            label={label}
            trigger={
              <IconButton label={label}>
                <Ellipsis className="i" aria-hidden="true" />
              </IconButton>
            }
          >
            {a.can_hide && a.status === "published" && (
              <MenuItem text={intl.formatMessage({ id: "achievements.hide" })} onAction={() => become.start("hidden")}>
                <stateIcons.hidden className="i s" aria-hidden="true" />
                <FormattedMessage id="achievements.hide" />
              </MenuItem>
            )}
            {a.can_hide && a.status === "archived" && (
              <MenuItem text={intl.formatMessage({ id: "achievements.unarchive" })} onAction={() => become.start("hidden")}>
                <ArchiveRestore className="i s" aria-hidden="true" />
                <FormattedMessage id="achievements.unarchive" />
              </MenuItem>
            )}
            {archivable && (
              <MenuItem text={intl.formatMessage({ id: "achievements.archive" })} onAction={() => setAsked("archive")}>
                <stateIcons.archived className="i s" aria-hidden="true" />
                <FormattedMessage id="achievements.archive" />
              </MenuItem>
            )}
            {a.status === "draft" && a.can_edit && (
              <MenuItem text={intl.formatMessage({ id: "achievements.delete" })} danger onAction={() => setAsked("delete")}>
                <Trash2 className="i s" aria-hidden="true" />
                <FormattedMessage id="achievements.delete" />
              </MenuItem>
            )}
          </Menu>
        )}
      </div>
      {asked === undefined && <ActionError error={become.error ?? remove.error} />}
      {(["archive", "delete"] as const).map((of) => (
        <Confirm
          key={of}
          open={asked === of}
          onClose={() => setAsked(undefined)}
          title={intl.formatMessage({ id: `achievements.${of}.title` }, { name })}
          action={intl.formatMessage({ id: `achievements.${of}` })}
          cancel={intl.formatMessage({ id: "action.cancel" })}
          danger={of === "delete"}
          pending={become.pending || remove.pending}
          onConfirm={() => (of === "archive" ? become.start("archived") : remove.start())}
        >
          <p>
            <FormattedMessage id={`achievements.${of}.text`} />
          </p>
          <ActionError error={of === "archive" ? become.error : remove.error} />
        </Confirm>
      ))}
    </div>
  );
}
