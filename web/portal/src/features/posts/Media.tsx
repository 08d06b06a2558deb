import { Download } from "lucide-react";
import { useIntl } from "react-intl";
import { useSize } from "./Files.tsx";
import style from "./posts.module.css";
import type { Attachment } from "./queries.ts";

const shown = 4;

interface MediaProps {
  attachments: readonly Attachment[];
  /** Where the pictures lead; to the picture itself when left out. */
  at?: string;
}

/** The pictures of a post. */
export function Media({ attachments, at }: MediaProps) {
  const intl = useIntl();
  const pictures = attachments.filter((a) => a.inline);
  if (pictures.length === 0) return null;
  const some = at === undefined ? pictures : pictures.slice(0, shown);
  const left = pictures.length - some.length;
  return (
    <div className={style["media"]} data-count={Math.min(some.length, shown)}>
      {some.map((a, i) => (
        <a key={a.id} href={at ?? a.url} {...(at === undefined && { target: "_blank", rel: "noreferrer" })}>
          <img
            src={a.url}
            alt={a.alt_text || intl.formatMessage({ id: "posts.picture" }, { name: a.file_name })}
            loading="lazy"
            decoding="async"
          />
          {left > 0 && i === some.length - 1 && (
            <span className={style["more"]}>{intl.formatMessage({ id: "posts.pictures.more" }, { count: left })}</span>
          )}
        </a>
      ))}
    </div>
  );
}

/** The other files of a post, to download. */
export function Downloads({ attachments, padded }: { attachments: readonly Attachment[]; padded?: boolean }) {
  const intl = useIntl();
  const size = useSize();
  const files = attachments.filter((a) => !a.inline);
  if (files.length === 0) return null;
  return (
    <ul className={padded ? `pad ${style["downloads"]}` : style["downloads"]} aria-label={intl.formatMessage({ id: "posts.files" })}>
      {files.map((a) => (
        <li key={a.id}>
          <a href={a.url} download={a.file_name}>
            <Download className="i s" aria-hidden="true" />
            <span>
              <bdi className="strong">{a.file_name}</bdi> <span className="muted">{size(a.size)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
