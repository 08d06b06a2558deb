import { ImageUp, Trash2 } from "lucide-react";
import { ActionError } from "@updspace/kit/errors.tsx";
import { pictureTypes, type usePictureUpload } from "@updspace/kit/pictureUpload.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { FormattedMessage, useIntl } from "react-intl";
import { OptionPicture } from "./picture.tsx";
import type { Kind, Option } from "./types.ts";
import css from "./Manage.module.css";

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
            <FileButton onFiles={upload.choose} accept={pictureTypes.join()} disabled={upload.pending}>
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
          {upload.wrong && (
            <p className="field-error" role="alert">
              <FormattedMessage id={`polls.picture.wrong.${upload.wrong}`} />
            </p>
          )}
          <ActionError error={upload.error} />
        </div>
      </div>
    </FileDrop>
  );
}
