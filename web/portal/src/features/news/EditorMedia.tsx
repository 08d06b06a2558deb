import { ExternalLink, ImagePlus } from "lucide-react";
import { ActionError } from "@updspace/kit/errors.tsx";
import { pictureTypes, type usePictureUpload } from "@updspace/kit/pictureUpload.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton } from "@updspace/ui/FileDrop";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./news.module.css";
import { videoOf, type NewsText } from "./texts.ts";

const most = 8;

interface EditorMediaProps {
  text: NewsText;
  onChange: (change: Pick<Partial<NewsText>, "pictures" | "videos">) => void;
  picture: ReturnType<typeof usePictureUpload>;
  error: string | undefined;
}

/** The pictures and videos of a post that is written. */
export function EditorMedia({ text: { pictures, videos }, onChange, picture, error }: EditorMediaProps) {
  const intl = useIntl();
  const full = pictures.length + videos.length >= most;
  return (
    <>
      {pictures.length + videos.length > 0 && (
        <ul className={style["files"]} aria-label={intl.formatMessage({ id: "news.media" })}>
          {pictures.map((p, i) => (
            <li key={p.key} className={style["file"]}>
              <TextField
                label={intl.formatMessage({ id: "news.caption" }, { name: p.name })}
                value={p.caption}
                onChange={(caption) => onChange({ pictures: pictures.map((o, at) => (at === i ? { ...o, caption } : o)) })}
                maxLength={500}
              />
              <Remove name={p.name} onPress={() => onChange({ pictures: pictures.filter((o) => o.key !== p.key) })} />
            </li>
          ))}
          {videos.map((v) => (
            <li key={v.id} className={style["file"]}>
              <TextField
                label={intl.formatMessage({ id: "news.video.title" }, { id: v.id })}
                value={v.title}
                onChange={(title) => onChange({ videos: videos.map((o) => (o.id === v.id ? { ...o, title } : o)) })}
                maxLength={256}
              />
              <Remove name={v.id} onPress={() => onChange({ videos: videos.filter((o) => o.id !== v.id) })} />
            </li>
          ))}
        </ul>
      )}
      {picture.pending && <progress value={picture.sent} aria-label={intl.formatMessage({ id: "news.uploading" })} />}
      {(picture.wrong ?? error) !== undefined && (
        <p className="field-error" role="alert">
          {error ?? intl.formatMessage({ id: "news.picture.wrong" })}
        </p>
      )}
      <ActionError error={picture.error} />
      <div className="btns">
        <FileButton onFiles={picture.choose} accept={pictureTypes.join(",")} disabled={full || picture.pending}>
          <ImagePlus className="i s" aria-hidden="true" />
          {intl.formatMessage({ id: "news.picture.add" })}
        </FileButton>
        <AddVideo
          disabled={full}
          onAdd={(id) =>
            onChange({ videos: [...videos.filter((v) => v.id !== id), { id, title: videos.find((v) => v.id === id)?.title ?? "" }] })
          }
        />
      </div>
    </>
  );
}

function Remove({ name, onPress }: { name: string; onPress: () => void }) {
  return (
    <Button variant="quiet" onPress={onPress}>
      <FormattedMessage id="news.picture.remove" />
      <span className="vh">: {name}</span>
    </Button>
  );
}

/** Takes the address of a video, when it is asked for. */
function AddVideo({ disabled, onAdd }: { disabled: boolean; onAdd: (id: string) => void }) {
  const intl = useIntl();
  const [address, setAddress] = useState<string>();
  const [wrong, setWrong] = useState(false);
  if (address === undefined) {
    return (
      <Button disabled={disabled} onPress={() => setAddress("")}>
        <ExternalLink className="i s" aria-hidden="true" />
        <FormattedMessage id="news.video.add" />
      </Button>
    );
  }
  return (
    <form
      className={style["file"]}
      onSubmit={(e) => {
        e.preventDefault();
        const id = videoOf(address);
        setWrong(id === undefined);
        if (id === undefined) return;
        onAdd(id);
        setAddress(undefined);
      }}
    >
      <TextField
        label={intl.formatMessage({ id: "news.video.address" })}
        value={address}
        onChange={setAddress}
        inputMode="url"
        maxLength={2048}
        autoFocus
        error={wrong ? intl.formatMessage({ id: "news.video.wrong" }) : undefined}
      />
      <Button type="submit" disabled={disabled}>
        <FormattedMessage id="news.video.add" />
      </Button>
    </form>
  );
}
