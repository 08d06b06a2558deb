import { ImageUp, Trash2 } from "lucide-react";
import { useState } from "react";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { FormattedMessage, useIntl } from "react-intl";
import { OptionPicture } from "./picture.tsx";
import { uploadPicture } from "./queries.ts";
import type { Kind, Option } from "./types.ts";
import css from "./Manage.module.css";

const maxBytes = 5 * 1024 * 1024;

/** Sends the picture of an option. The address is the option's when the option is saved with it. */
export function usePictureUpload(poll: string, onSent: (address: string) => void) {
  const [sent, setSent] = useState(0);
  const [tooLarge, setTooLarge] = useState(false);
  const upload = useAction({
    // Time and size tell one file from another: a different file is a different request.
    run: ({ file }: { file: File; modified: number; size: number }, headers) => uploadPicture(poll, file, headers, setSent),
    onDone: (picture) => onSent(picture.url),
  });
  return {
    sent,
    tooLarge,
    pending: upload.pending,
    error: upload.error,
    choose: (files: readonly File[]) => {
      const file = files.find((f) => f.type.startsWith("image/"));
      if (!file) return;
      setTooLarge(file.size > maxBytes);
      setSent(0);
      upload.reset();
      if (file.size <= maxBytes) upload.start({ file, modified: file.lastModified, size: file.size });
    },
  };
}

interface PictureFieldProps {
  /** The option, with the address that is chosen now. */
  option: Option;
  kind: Kind;
  upload: ReturnType<typeof usePictureUpload>;
  onRemove: () => void;
}

export function PictureField({ option, kind, upload, onRemove }: PictureFieldProps) {
  const intl = useIntl();
  return (
    <FileDrop onFiles={upload.choose} over={intl.formatMessage({ id: "polls.picture.drop" })} disabled={upload.pending}>
      <div className={css["picture"]} role="group" aria-label={intl.formatMessage({ id: "polls.picture" })}>
        <span className={css["th"]}>
          <OptionPicture option={option} kind={kind} />
        </span>
        <div className="vstack s grow">
          <div className="btns">
            <FileButton onFiles={upload.choose} accept="image/png,image/jpeg,image/gif,image/webp" disabled={upload.pending}>
              <ImageUp className="i s" aria-hidden="true" />
              <FormattedMessage id="polls.picture.choose" />
            </FileButton>
            {option.media_url !== "" && (
              <Button variant="quiet" disabled={upload.pending} onPress={onRemove}>
                <Trash2 className="i s" aria-hidden="true" />
                <FormattedMessage id="polls.picture.remove" />
              </Button>
            )}
          </div>
          {upload.pending ? (
            <progress className={css["progress"]} value={upload.sent} aria-label={intl.formatMessage({ id: "polls.picture.sending" })} />
          ) : (
            <p className="small muted">
              <FormattedMessage id="polls.picture.kinds" />
            </p>
          )}
          {upload.tooLarge && (
            <p className="field-error" role="alert">
              <FormattedMessage id="polls.picture.tooLarge" />
            </p>
          )}
          <ActionError error={upload.error} />
        </div>
      </div>
    </FileDrop>
  );
}
