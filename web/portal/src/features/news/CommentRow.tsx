import { Heart } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { ReportDialog } from "./ReportDialog.tsx";
import { CommentForm } from "./CommentForm.tsx";
import style from "./news.module.css";
import { commentPages, newsKey, type Comment } from "./queries.ts";

interface CommentRowProps {
  post: string;
  comment: Comment;
}

/** One comment with what can be done with it, and its replies when they are asked for. */
export function CommentRow({ post, comment: c }: CommentRowProps) {
  const intl = useIntl();
  const name = usePersonName(c.user_id ?? "");
  const [doing, setDoing] = useState<"reply" | "edit">();
  const [replies, setReplies] = useState(false);
  const stop = () => setDoing(undefined);
  return (
    <li className="vstack s">
      {c.deleted ? (
        <p className="muted">
          <FormattedMessage id="news.comment.deleted" />
        </p>
      ) : (
        <>
          <Person id={c.user_id ?? ""}>
            <span className="line dots">
              <span>
                <Time at={c.created_at} />
              </span>
              {c.edited_at !== null && (
                <span>
                  <FormattedMessage id="news.edited" />
                </span>
              )}
            </span>
          </Person>
          {doing === "edit" ? (
            <EditComment post={post} comment={c} onDone={stop} />
          ) : (
            <p className={style["words"]}>
              <bdi>{c.body}</bdi>
            </p>
          )}
          {doing !== "edit" && (
            <CommentActions post={post} comment={c} name={name} onEdit={() => setDoing("edit")} onReply={() => setDoing("reply")} />
          )}
          {doing === "reply" && (
            <CommentForm
              post={post}
              parent={c.id}
              onDone={() => {
                stop();
                setReplies(true);
              }}
            />
          )}
        </>
      )}
      {c.replies_count > 0 && !replies && (
        <div>
          <Button variant="quiet" size="s" onPress={() => setReplies(true)}>
            {intl.formatMessage({ id: "news.replies" }, { count: c.replies_count })}
          </Button>
        </div>
      )}
      {replies && <Replies post={post} parent={c.id} />}
    </li>
  );
}

function Replies({ post, parent }: { post: string; parent: number }) {
  const query = usePages(commentPages(post, parent));
  return (
    <PagedList query={query} empty={null}>
      {(comments) => (
        <ol className={style["replies"]}>
          {comments.map((c) => (
            <CommentRow key={c.id} post={post} comment={c} />
          ))}
        </ol>
      )}
    </PagedList>
  );
}

function EditComment({ post, comment, onDone }: CommentRowProps & { onDone: () => void }) {
  const intl = useIntl();
  const [body, setBody] = useState(comment.body);
  const save = useAction({
    run: (text: string, headers) =>
      ok(
        activity.PATCH("/api/v1/activity/news/{news_id}/comments/{comment_id}", {
          params: { path: { news_id: post, comment_id: comment.id } },
          body: { body: text },
          headers,
        }),
      ),
    stale: [[newsKey, post]],
    onDone,
  });
  return (
    <div className="vstack">
      <ActionError error={save.error} />
      <TextArea
        label={intl.formatMessage({ id: "news.comment.label" })}
        value={body}
        onChange={setBody}
        rows={2}
        maxLength={2000}
        autoFocus
        error={fieldErrors(intl, save.error)["body"]}
      />
      <div className="btns right">
        <Button variant="quiet" onPress={onDone}>
          {intl.formatMessage({ id: "action.cancel" })}
        </Button>
        <Button variant="primary" disabled={body.trim() === ""} pending={save.pending} onPress={() => save.start(body)}>
          {intl.formatMessage({ id: "action.save" })}
        </Button>
      </div>
    </div>
  );
}

interface CommentActionsProps extends CommentRowProps {
  name: string;
  onEdit: () => void;
  onReply: () => void;
}

function CommentActions({ post, comment: c, name, onEdit, onReply }: CommentActionsProps) {
  const intl = useIntl();
  const session = useSession();
  const own = c.user_id === session.user.id;
  const [asking, setAsking] = useState<"delete" | "report">();
  const [reason, setReason] = useState("");
  const close = () => setAsking(undefined);
  const path = { news_id: post, comment_id: c.id };
  const like = useAction({
    run: (action: "add" | "remove", headers) =>
      ok(activity.POST("/api/v1/activity/news/{news_id}/comments/{comment_id}/likes", { params: { path }, body: { action }, headers })),
    stale: [[newsKey, post]],
  });
  const remove = useAction({
    run: (_: void, headers) =>
      ok(
        activity.DELETE("/api/v1/activity/news/{news_id}/comments/{comment_id}", {
          params: { path, query: own || reason === "" ? {} : { reason } },
          headers,
        }),
      ),
    stale: [[newsKey, post]],
    onDone: close,
  });
  const named = (id: "news.reply" | "news.comment.edit" | "news.comment.delete" | "news.comment.report") => (
    <>
      {intl.formatMessage({ id })}
      <span className="vh">: {name}</span>
    </>
  );
  return (
    <div className={style["actions"]}>
      <button type="button" aria-pressed={c.my_liked} disabled={like.pending} onClick={() => like.start(c.my_liked ? "remove" : "add")}>
        <Heart className="i s" aria-hidden="true" />
        {c.likes_count > 0 && <span aria-hidden="true">{intl.formatNumber(c.likes_count)}</span>}
        <span className="vh">{intl.formatMessage({ id: "news.comment.like.of" }, { name, count: c.likes_count })}</span>
      </button>
      {c.can_reply && (
        <Button variant="quiet" size="s" onPress={onReply}>
          {named("news.reply")}
        </Button>
      )}
      {c.can_edit && (
        <Button variant="quiet" size="s" onPress={onEdit}>
          {named("news.comment.edit")}
        </Button>
      )}
      {c.can_delete && (
        <Button variant="quiet" size="s" onPress={() => setAsking("delete")}>
          {named("news.comment.delete")}
        </Button>
      )}
      {!own && (
        <Button variant="quiet" size="s" onPress={() => setAsking("report")}>
          {named("news.comment.report")}
        </Button>
      )}
      <ActionError error={like.error} />
      <ReportDialog post={post} comment={c.id} open={asking === "report"} onClose={close} />
      <Confirm
        open={asking === "delete"}
        onClose={close}
        title={intl.formatMessage({ id: "news.comment.delete.title" })}
        action={intl.formatMessage({ id: "news.comment.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="news.comment.delete.text" />
        {!own && <TextArea label={intl.formatMessage({ id: "news.why" })} value={reason} onChange={setReason} maxLength={500} />}
        <ActionError error={remove.error} />
      </Confirm>
    </div>
  );
}
