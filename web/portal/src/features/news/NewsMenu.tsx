import { Ellipsis, EyeOff, Flag, Lock, Pencil, Pin, Trash2 } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { ReportDialog } from "./ReportDialog.tsx";
import { staleNews, type NewsItem } from "./queries.ts";

interface Moderation {
  pinned?: boolean;
  comments_locked?: boolean;
  hidden?: boolean;
  reason?: string;
}

/** What the person may do with a post. */
export function NewsMenu({ post, onDeleted }: { post: NewsItem; onDeleted: () => void }) {
  const intl = useIntl();
  const session = useSession();
  const p = post.payload_json;
  const own = post.actor_user_id === session.user.id;
  const [asking, setAsking] = useState<"delete" | "hide" | "report">();
  const [reason, setReason] = useState("");
  const close = () => setAsking(undefined);
  const path = { news_id: p.news_id };
  const moderate = useAction({
    run: (body: Moderation, headers) =>
      ok(activity.PATCH("/api/v1/activity/news/{news_id}/moderation", { params: { path }, body, headers })),
    stale: staleNews,
    onDone: close,
  });
  const remove = useAction({
    run: (_: void, headers) =>
      ok(activity.DELETE("/api/v1/activity/news/{news_id}", { params: { path, query: own || reason === "" ? {} : { reason } }, headers })),
    stale: staleNews,
    done: intl.formatMessage({ id: "news.deleted" }),
    onDone: onDeleted,
  });
  const label = intl.formatMessage({ id: "news.actions" }, { title: post.title });
  const why = (
    <TextArea
      label={intl.formatMessage({ id: "news.why" })}
      value={reason}
      onChange={setReason}
      maxLength={500}
      error={fieldErrors(intl, moderate.error)["reason"]}
    />
  );
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
        {p.can_edit && (
          <MenuItem text={intl.formatMessage({ id: "news.edit" })} href={`/news/${p.news_id}?edit=true`}>
            <Pencil className="i s" aria-hidden="true" />
            <FormattedMessage id="news.edit" />
          </MenuItem>
        )}
        {p.can_moderate && p.status === "published" && (
          <>
            {!p.hidden && (
              <MenuItem
                text={intl.formatMessage({ id: p.pinned ? "news.unpin" : "news.pin" })}
                onAction={() => moderate.start({ pinned: !p.pinned })}
              >
                <Pin className="i s" aria-hidden="true" />
                <FormattedMessage id={p.pinned ? "news.unpin" : "news.pin"} />
              </MenuItem>
            )}
            <MenuItem
              text={intl.formatMessage({ id: p.comments_locked ? "news.unlock" : "news.lock" })}
              onAction={() => moderate.start({ comments_locked: !p.comments_locked })}
            >
              <Lock className="i s" aria-hidden="true" />
              <FormattedMessage id={p.comments_locked ? "news.unlock" : "news.lock"} />
            </MenuItem>
            <MenuItem
              text={intl.formatMessage({ id: p.hidden ? "news.show" : "news.hide" })}
              onAction={() => (p.hidden ? moderate.start({ hidden: false }) : setAsking("hide"))}
            >
              <EyeOff className="i s" aria-hidden="true" />
              <FormattedMessage id={p.hidden ? "news.show" : "news.hide"} />
            </MenuItem>
          </>
        )}
        {!own && p.status === "published" && !p.hidden && (
          <MenuItem text={intl.formatMessage({ id: "news.report" })} onAction={() => setAsking("report")}>
            <Flag className="i s" aria-hidden="true" />
            <FormattedMessage id="news.report" />
          </MenuItem>
        )}
        {p.can_edit && (
          <MenuItem text={intl.formatMessage({ id: "news.delete" })} danger onAction={() => setAsking("delete")}>
            <Trash2 className="i s" aria-hidden="true" />
            <FormattedMessage id="news.delete" />
          </MenuItem>
        )}
      </Menu>
      <ReportDialog post={p.news_id} open={asking === "report"} onClose={close} />
      <Confirm
        open={asking === "hide"}
        onClose={close}
        title={intl.formatMessage({ id: "news.hide.title" })}
        action={intl.formatMessage({ id: "news.hide" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={moderate.pending}
        onConfirm={() => moderate.start({ hidden: true, reason })}
      >
        <FormattedMessage id="news.hide.text" />
        {why}
      </Confirm>
      <Confirm
        open={asking === "delete"}
        onClose={close}
        title={intl.formatMessage({ id: "news.delete.title" }, { title: post.title })}
        action={intl.formatMessage({ id: "news.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="news.delete.text" values={{ comments: p.comments_count }} />
        {!own && why}
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}
