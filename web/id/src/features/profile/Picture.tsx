import { ImageUp, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { useCropWords } from "@updspace/kit/cropWords.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { ImageCrop } from "@updspace/ui/ImageCrop";
import { identity, orSignIn } from "../../api.ts";
import type { Account } from "../../boot.ts";
import { accountQuery } from "../../session.ts";
import styles from "./Profile.module.css";

const side = 512; // pixels, as the server keeps it

/** The picture of the account, which replaces the helm that is drawn from its id. */
export function Picture({ account }: { account: Account }) {
  const intl = useIntl();
  const cropWords = useCropWords();
  const [file, setFile] = useState<File>();
  const stale = [accountQuery.queryKey];
  const save = useAction({
    run: (picture: Blob, headers) =>
      ok(
        identity.PUT("/api/v1/auth/avatar", {
          headers: { ...headers, "Content-Type": "application/octet-stream" },
          body: "", // the type of a file in the spec is text; the serializer gives the picture itself
          bodySerializer: () => picture,
        }),
      ).catch(orSignIn),
    stale,
    done: intl.formatMessage({ id: "avatar.saved" }),
    onDone: () => setFile(undefined),
  });
  const remove = useAction({
    run: (_: void, headers) => ok(identity.DELETE("/api/v1/auth/avatar", { headers })).catch(orSignIn),
    stale,
    done: intl.formatMessage({ id: "avatar.removed" }),
  });
  const choose = (files: File[]) => setFile(files.find((f) => f.type.startsWith("image/")));
  return (
    <section className="card" aria-labelledby="avatar">
      <div className="card-head">
        <h2 id="avatar">
          <FormattedMessage id="avatar.title" />
        </h2>
      </div>
      <div className={styles.body}>
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
          <FileDrop onFiles={choose} over={intl.formatMessage({ id: "avatar.drop" })}>
            <div className="vstack s">
              {account.avatar_url === null && (
                <p>
                  <FormattedMessage id="avatar.drawn" />
                </p>
              )}
              <p className="small muted">
                <FormattedMessage id="avatar.kinds" />
              </p>
              <div className="btns">
                <FileButton onFiles={choose} accept="image/png,image/jpeg,image/gif,image/webp">
                  <ImageUp className="i s" aria-hidden="true" />
                  <FormattedMessage id="avatar.choose" />
                </FileButton>
                {account.avatar_url !== null && (
                  <Button variant="quiet" pending={remove.pending} onPress={() => remove.start()}>
                    <Trash2 className="i s" aria-hidden="true" />
                    <FormattedMessage id="avatar.remove" />
                  </Button>
                )}
              </div>
            </div>
          </FileDrop>
        )}
      </div>
    </section>
  );
}
