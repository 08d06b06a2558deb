import { ImageUp, Trash2 } from "lucide-react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { pictureTypes, usePictureUpload } from "@updspace/kit/pictureUpload.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { Patch, Unsewn } from "@updspace/ui/Patch";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import type { Place, Values } from "./edits.ts";
import { uploadPicture } from "./picture.ts";

interface PictureFieldProps {
  /** The achievement, if there is one. */
  id: string | undefined;
  /** Whose it is. */
  place: Place;
  values: Pick<Values, "images" | "tier">;
  onChange: (images: Values["images"]) => void;
}

/** Uploads the picture of an achievement. */
export function PictureField({ id, place, values, onChange }: PictureFieldProps) {
  const intl = useIntl();
  const upload = usePictureUpload(
    (file, headers, progress) => uploadPicture(place, file, headers, progress),
    ({ small, medium, large }) => onChange({ small: small ?? "", medium: medium ?? "", large: large ?? "" }),
  );
  const src = pictureOf(values.images, "medium");
  return (
    <FileDrop onFiles={upload.choose} over={intl.formatMessage({ id: "achievements.picture.drop" })} disabled={upload.pending}>
      <div className={css["picture"]} role="group" aria-label={intl.formatMessage({ id: "achievements.picture" })}>
        {src === undefined ? <Unsewn size="l" /> : <Patch id={id ?? "new"} tier={values.tier} size="l" src={src} />}
        <div className="vstack s">
          <div className="btns">
            <FileButton onFiles={upload.choose} accept={pictureTypes.join()} disabled={upload.pending}>
              <ImageUp className="i s" aria-hidden="true" />
              <FormattedMessage id={src === undefined ? "achievements.picture.choose" : "achievements.picture.another"} />
            </FileButton>
            {src !== undefined && (
              <Button variant="quiet" disabled={upload.pending} onPress={() => onChange({ small: "", medium: "", large: "" })}>
                <Trash2 className="i s" aria-hidden="true" />
                <FormattedMessage id="achievements.picture.remove" />
              </Button>
            )}
          </div>
          {upload.pending ? (
            <progress value={upload.sent} aria-label={intl.formatMessage({ id: "achievements.picture.sending" })} />
          ) : (
            <p className="small muted">
              <FormattedMessage id="achievements.picture.kinds" />
            </p>
          )}
          {upload.wrong && (
            <p className="field-error" role="alert">
              <FormattedMessage id={`achievements.picture.wrong.${upload.wrong}`} />
            </p>
          )}
          <ActionError error={upload.error} />
        </div>
      </div>
    </FileDrop>
  );
}
