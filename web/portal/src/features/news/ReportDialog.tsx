import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { useIntl } from "react-intl";
import { reportsKey, type ReportReason } from "./queries.ts";

export const reasons: readonly ReportReason[] = ["spam", "abuse", "off_topic", "illegal", "other"];

interface ReportDialogProps {
  post: string;
  /** The comment that is reported; the post itself when left out. */
  comment?: number;
  open: boolean;
  onClose: () => void;
}

/** Reports a post or a comment to the moderators. */
export function ReportDialog({ post, comment, open, onClose }: ReportDialogProps) {
  const intl = useIntl();
  const [reason, setReason] = useState<ReportReason>("spam");
  const [text, setText] = useState("");
  const report = useAction({
    run: (_: void, headers) =>
      ok(
        activity.POST("/api/v1/activity/news/{news_id}/reports", {
          params: { path: { news_id: post } },
          body: { reason, text, ...(comment !== undefined && { comment_id: comment }) },
          headers,
        }),
      ),
    stale: [[reportsKey]],
    done: intl.formatMessage({ id: "news.report.done" }),
    onDone: onClose,
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: "news.report.title" })}
      closeLabel={intl.formatMessage({ id: "action.cancel" })}
    >
      <div className="vstack">
        <ActionError error={report.error} />
        <Select
          label={intl.formatMessage({ id: "news.report.reason" })}
          value={reason}
          onChange={setReason}
          choices={reasons.map((id) => ({ id, name: intl.formatMessage({ id: `news.report.reason.${id}` }) }))}
        />
        <TextArea
          label={intl.formatMessage({ id: "news.report.text" })}
          value={text}
          onChange={setText}
          maxLength={500}
          error={fieldErrors(intl, report.error)["text"]}
        />
        <div className="btns right">
          <Button onPress={onClose}>{intl.formatMessage({ id: "action.cancel" })}</Button>
          <Button variant="primary" pending={report.pending} onPress={() => report.start()}>
            {intl.formatMessage({ id: "news.report.send" })}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
