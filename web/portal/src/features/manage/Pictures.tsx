import { ImageUp, Trash2 } from "lucide-react";
import { identity, ok } from "@updspace/kit/api.ts";
import { useCropWords } from "@updspace/kit/cropWords.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { ClothStrip } from "@updspace/ui/Cover";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { Flag } from "@updspace/ui/Flag";
import { ImageCrop } from "@updspace/ui/ImageCrop";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./look.module.css";
import { tenantKey, type TenantCard } from "./queries.ts";

type Kind = "logo" | "cover";

const side = 512; // pixels, as the server keeps a logo
const accept = "image/png,image/jpeg,image/gif,image/webp";

/** The pictures that replace what is drawn from the colours. */
export function Pictures({ card }: { card: TenantCard }) {
  return (
    <div className={style["pictures"]}>
      <Picture card={card} kind="logo" />
      <Picture card={card} kind="cover" />
    </div>
  );
}

function Picture({ card, kind }: { card: TenantCard; kind: Kind }) {
  const intl = useIntl();
  const cropWords = useCropWords();
  const [file, setFile] = useState<File>();
  const url = kind === "logo" ? card.logo_url : card.cover_url;
  const params = { path: { image: kind } };
  const save = useAction({
    run: (picture: Blob, headers) =>
      ok(
        identity.PUT("/api/v1/tenant/{image}", {
          params,
          headers: { ...headers, "Content-Type": "application/octet-stream" },
          body: "", // the type of a file in the spec is text; the serializer gives the picture itself
          bodySerializer: () => picture,
        }),
      ),
    stale: [[tenantKey]],
    done: intl.formatMessage({ id: "manage.look.picture.saved" }),
    onDone: () => setFile(undefined),
  });
  const remove = useAction({
    run: (_: void, headers) => ok(identity.DELETE("/api/v1/tenant/{image}", { params, headers })),
    stale: [[tenantKey]],
    done: intl.formatMessage({ id: "manage.look.picture.removed" }),
  });
  const choose = (files: File[]) => {
    const picture = files.find((f) => f.type.startsWith("image/"));
    if (picture && kind === "cover") save.start(picture);
    else setFile(picture);
  };
  return (
    <section className="card pad vstack" aria-labelledby={kind}>
      <h2 id={kind}>
        <FormattedMessage id={`manage.look.${kind}`} />
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
        <FileDrop onFiles={choose} over={intl.formatMessage({ id: "manage.look.picture.drop" })}>
          <div className={style["picture"]}>
            {kind === "logo" ? (
              <Flag id={card.id} of="tenant" src={url} colours={card} size="l" />
            ) : (
              <ClothStrip id={card.id} src={url} colours={card} />
            )}
            <div className="vstack s grow">
              <p className="small muted">
                <FormattedMessage id={`manage.look.${kind}.about`} />
              </p>
              <div className="btns">
                <FileButton onFiles={choose} accept={accept} disabled={save.pending}>
                  <ImageUp className="i s" aria-hidden="true" />
                  <FormattedMessage id="manage.look.picture.choose" />
                </FileButton>
                {url !== null && (
                  <Button variant="quiet" pending={remove.pending} onPress={() => remove.start()}>
                    <Trash2 className="i s" aria-hidden="true" />
                    <FormattedMessage id="manage.look.picture.remove" />
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
