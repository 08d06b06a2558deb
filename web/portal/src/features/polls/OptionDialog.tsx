import { useState } from "react";
import * as v from "valibot";
import { ok, voting } from "@updspace/kit/api.ts";
import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { usePictureUpload } from "@updspace/kit/pictureUpload.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { FormattedMessage, useIntl } from "react-intl";
import { PictureField } from "./PictureField.tsx";
import { pollKeys, uploadPicture } from "./queries.ts";
import type { Kind, Option } from "./types.ts";

interface OptionDialogProps {
  option: Option;
  kind: Kind;
  poll: string;
  onClose: () => void;
}

/** The texts and the picture of an option. */
export function OptionDialog({ option, kind, poll, onClose }: OptionDialogProps) {
  const intl = useIntl();
  const { text } = rules(intl);
  const form = useForm({
    resolver: standardSchemaResolver(v.object({ title: text({ required: true, max: 255 }), description: text({ max: 10000 }) })),
    defaultValues: { title: option.title, description: option.description },
  });
  const [media_url, setPicture] = useState(option.media_url);
  const upload = usePictureUpload(
    (file, headers, progress) => uploadPicture(poll, file, headers, progress),
    (picture) => setPicture(picture.url),
  );
  const save = useAction({
    run: (body: { title: string; description: string }, headers) =>
      ok(
        voting.PUT("/api/v1/voting/polls/{poll_id}/options/{option_id}", {
          params: { path: { poll_id: poll, option_id: option.id } },
          body: { ...body, media_url },
          headers,
        }),
      ),
    stale: pollKeys,
    onDone: onClose,
  });
  return (
    <Dialog open onClose={onClose} title={option.title} closeLabel={intl.formatMessage({ id: "action.close" })}>
      <Form form={form} action={save} onSubmit={save.start}>
        <FormText control={form.control} name="title" label={intl.formatMessage({ id: "polls.option.title" })} maxLength={255} required />
        <FormArea control={form.control} name="description" label={intl.formatMessage({ id: "polls.option.description" })} rows={2} />
        <PictureField option={{ ...option, media_url }} kind={kind} upload={upload} onRemove={() => setPicture("")} />
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary" pending={save.pending} disabled={upload.pending}>
            <FormattedMessage id="action.save" />
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
