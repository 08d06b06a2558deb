import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { FormText } from "@updspace/kit/forms.tsx";
import { languageName } from "@updspace/kit/texts.ts";
import { Switch } from "@updspace/ui/Switch";
import { useEffect, useRef, useState, type ComponentProps } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { hasPicture, type Place, type Values } from "./edits.ts";
import { PictureField } from "./PictureField.tsx";
import { longest } from "./schema.ts";

interface PicturePartProps {
  id: string | undefined;
  place: Place;
  control: ComponentProps<typeof FormText<Values>>["control"];
  values: Values;
  languages: readonly string[];
  onChange: (images: Values["images"]) => void;
  /** What is wrong with the picture as a whole. */
  error: string | undefined;
}

/** The picture of an achievement: uploaded, or on another host; and what it shows, for those who do not see it. */
export function PicturePart({ id, place, control, values, languages, onChange, error }: PicturePartProps) {
  const intl = useIntl();
  const part = useRef<HTMLDivElement>(null);
  const uploaded = pictureOf(values.images, "medium") !== undefined;
  const [elsewhere, setElsewhere] = useState(!uploaded && hasPicture(values));
  // From the button that publishes: a picture is what is missing.
  useEffect(() => {
    if (location.hash === "#picture") focusButton(part.current);
  }, []);
  useEffect(() => {
    if (error !== undefined) focusButton(part.current);
  }, [error]);
  return (
    <div ref={part} className="vstack">
      <PictureField id={id} place={place} values={values} onChange={onChange} />
      {error !== undefined && !elsewhere && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {!uploaded && (
        <div className="card">
          <Switch
            label={intl.formatMessage({ id: "achievements.picture.elsewhere" })}
            help={intl.formatMessage({ id: "achievements.picture.elsewhere.help" })}
            checked={elsewhere}
            onChange={(on) => {
              setElsewhere(on);
              if (!on) onChange({ small: "", medium: "", large: "" });
            }}
          />
        </div>
      )}
      {!uploaded && elsewhere && (
        <>
          <FormText
            control={control}
            name="images.medium"
            label={intl.formatMessage({ id: "achievements.field.picture" })}
            help={intl.formatMessage({ id: "achievements.field.picture.help" })}
            inputMode="url"
            placeholder="https://"
            maxLength={longest.address}
          />
          <div className={css["pair"]}>
            {(["small", "large"] as const).map((size) => (
              <FormText
                key={size}
                control={control}
                name={`images.${size}`}
                label={intl.formatMessage({ id: `achievements.field.${size}` })}
                inputMode="url"
                maxLength={longest.address}
              />
            ))}
          </div>
        </>
      )}
      {hasPicture(values) && (
        <>
          <div className={css["pair"]}>
            {languages.map((language) => (
              <FormText
                key={language}
                control={control}
                name={`image_alt_i18n.${language}`}
                label={intl.formatMessage({ id: "achievements.field.alt" }, { language: languageName(intl.locale, language) })}
                maxLength={longest.alt}
              />
            ))}
            <FormText
              control={control}
              name="image_alt"
              label={intl.formatMessage({ id: "achievements.field.alt.others" })}
              maxLength={longest.alt}
            />
          </div>
          <p className="help">
            <FormattedMessage id="achievements.field.alt.help" />
          </p>
        </>
      )}
    </div>
  );
}

function focusButton(part: HTMLElement | null) {
  part?.querySelector("button")?.focus();
}
