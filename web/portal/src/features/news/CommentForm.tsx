import { activity, ok } from "@updspace/kit/api.ts";
import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { TextArea } from "@updspace/ui/TextArea";
import { useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { newsKey } from "./queries.ts";

interface CommentFormProps {
  post: string;
  /** The comment that is answered. */
  parent?: number;
  onDone?: () => void;
}

export function CommentForm({ post, parent, onDone }: CommentFormProps) {
  const intl = useIntl();
  const session = useSession();
  const [body, setBody, clear] = useDraft(`${session.user.id}:comment:${post}:${parent ?? 0}`, "");
  const send = useAction({
    run: (text: string, headers) =>
      ok(
        activity.POST("/api/v1/activity/news/{news_id}/comments", {
          params: { path: { news_id: post } },
          body: { body: text, ...(parent !== undefined && { parent_id: parent }) },
          headers,
        }),
      ),
    stale: [[newsKey, post]],
    onDone: () => {
      clear();
      onDone?.();
    },
  });
  const errors = fieldErrors(intl, send.error);
  return (
    <form
      className="vstack"
      onSubmit={(e) => {
        e.preventDefault();
        if (body.trim() !== "" && !send.pending) send.start(body);
      }}
    >
      {errors["body"] === undefined && <ActionError error={send.error} />}
      <TextArea
        label={intl.formatMessage({ id: parent === undefined ? "news.comment.label" : "news.reply.label" })}
        value={body}
        onChange={setBody}
        rows={2}
        maxLength={2000}
        error={errors["body"]}
        autoFocus={parent !== undefined}
      />
      <div className="btns right">
        {onDone && (
          <Button variant="quiet" onPress={onDone}>
            {intl.formatMessage({ id: "action.cancel" })}
          </Button>
        )}
        <Button variant="primary" type="submit" disabled={body.trim() === ""} pending={send.pending}>
          {intl.formatMessage({ id: parent === undefined ? "news.comment.send" : "news.reply.send" })}
        </Button>
      </div>
    </form>
  );
}
