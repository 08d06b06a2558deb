import { ImageUp, Trash2 } from "lucide-react";
import { ok, portal } from "@updspace/kit/api.ts";
import { useCropWords } from "@updspace/kit/cropWords.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { Helm } from "@updspace/ui/Helm";
import { ImageCrop } from "@updspace/ui/ImageCrop";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { profileStale, type Profile } from "./queries.ts";
import style from "./settings.module.css";

const side = 512; // pixels, as the server keeps it

/** The picture that replaces the helm drawn from one's id. */
export function PictureForm({ profile }: { profile: Profile }) {
  const intl = useIntl();
  const cropWords = useCropWords();
  const [file, setFile] = useState<File>();
  const save = useAction({
    run: (picture: Blob, headers) =>
      ok(
        portal.PUT("/api/v1/portal/me/avatar", {
          headers: { ...headers, "Content-Type": "application/octet-stream" },
          body: "", // the type of a file in the spec is text; the serializer gives the picture itself
          bodySerializer: () => picture,
        }),
      ),
    stale: profileStale,
    done: intl.formatMessage({ id: "settings.picture.saved" }),
    onDone: () => setFile(undefined),
  });
  const remove = useAction({
    run: (_: void, headers) => ok(portal.DELETE("/api/v1/portal/me/avatar", { headers })),
    stale: profileStale,
    done: intl.formatMessage({ id: "settings.picture.removed" }),
  });
  const choose = (files: File[]) => setFile(files.find((f) => f.type.startsWith("image/")));
  return (
    <section className="card pad-l vstack" aria-labelledby="picture">
      <h2 id="picture" className="vh">
        <FormattedMessage id="settings.part.picture" />
      </h2>
      <ActionError error={save.error ?? remove.error} />
      {file ? (
        <ImageCrop
          key={`${file.name}${file.lastModified}`}
          file={file}
          side={side}
          onDone={save.start}
          onCancel={() => setFile(undefined)}
          pending={save.pending}
          words={cropWords}
        />
      ) : (
        <FileDrop onFiles={choose} over={intl.formatMessage({ id: "settings.picture.drop" })}>
          <div className={style["picture"]}>
            <Helm id={profile.user_id} src={profile.avatar_url} size="xl" />
            <div className="vstack s">
              <p>
                <FormattedMessage id={profile.avatar_url === null ? "settings.picture.drawn" : "settings.picture.own"} />
              </p>
              <p className="small muted">
                <FormattedMessage id="settings.picture.kinds" />
              </p>
              <div className="btns">
                <FileButton onFiles={choose} accept="image/png,image/jpeg,image/gif,image/webp">
                  <ImageUp className="i s" aria-hidden="true" />
                  <FormattedMessage id="settings.picture.choose" />
                </FileButton>
                {profile.avatar_url !== null && (
                  <Button variant="quiet" pending={remove.pending} onPress={() => remove.start()}>
                    <Trash2 className="i s" aria-hidden="true" />
                    <FormattedMessage id="settings.picture.remove" />
                  </Button>
                )}
              </div>
            </div>
          </div>
        </FileDrop>
      )}
    </section>
  );
}
