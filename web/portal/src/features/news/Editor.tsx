import { useQuery } from "@tanstack/react-query";
import { ImagePlus } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { pictureTypes, usePictureUpload } from "@updspace/kit/pictureUpload.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { DateTimeField } from "@updspace/ui/DateTimeField";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { MarkdownField } from "@updspace/ui/MarkdownField";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot, useSession } from "../../session.ts";
import { bodyOf, placeOf, textOf, type NewsText } from "./texts.ts";
import style from "./news.module.css";
import { previewOf, staleNews, uploadPicture, type NewsItem } from "./queries.ts";

const most = 8;

interface EditorProps {
  /** The post that is changed; a new one when left out. */
  post?: NewsItem;
  onDone: (post: NewsItem) => void;
}

/** Writes a post of the news, or changes one: at once, later, or as a draft. */
export function Editor({ post, onDone }: EditorProps) {
  const intl = useIntl();
  const session = useSession();
  const { data: groups = [] } = useQuery(myGroupsQuery);
  const [text, setText] = useState<NewsText>(() => textOf(post));
  const set = (change: Partial<NewsText>) => setText((now) => ({ ...now, ...change }));
  const picture = usePictureUpload(uploadPicture, (p) => setText((now) => ({ ...now, pictures: [...now.pictures, p] })));
  const published = post?.payload_json.status === "published";
  const save = useAction({
    run: (status: "draft" | "published" | "scheduled", headers) =>
      post
        ? ok(
            activity.PATCH("/api/v1/activity/news/{news_id}", {
              params: { path: { news_id: post.payload_json.news_id } },
              body: { ...bodyOf(text, status).content, visibility: bodyOf(text, status).visibility, version: post.payload_json.version },
              headers,
            }),
          )
        : ok(activity.POST("/api/v1/activity/news", { body: { ...bodyOf(text, status).content, ...bodyOf(text, status).place }, headers })),
    stale: staleNews,
    done: (stored) =>
      intl.formatMessage({
        id:
          stored.payload_json.status === "draft"
            ? "news.kept"
            : stored.payload_json.status === "scheduled"
              ? "news.willAppear"
              : "news.published",
      }),
    onDone,
  });
  const errors = fieldErrors(intl, save.error);
  const empty = text.body.trim() === "";
  const tenant = boot.tenant?.name ?? session.tenant.slug;
  const places = [
    { id: "public", name: intl.formatMessage({ id: "news.place.public" }, { tenant }) },
    ...groups.map((g) => ({ id: `${g.kind}:${g.id}`, name: g.name })),
    { id: "private", name: intl.formatMessage({ id: "news.private" }) },
  ].filter((p) => !post || p.id === placeOf(post) || (post.scope_type === "TENANT" && !p.id.includes(":")));
  return (
    <FileDrop onFiles={picture.choose} over={intl.formatMessage({ id: "news.drop" })}>
      <section className="card pad vstack" aria-label={intl.formatMessage({ id: post ? "news.edit.title" : "news.new" })}>
        {Object.keys(errors).length === 0 && <ActionError error={save.error} />}
        <TextField
          label={intl.formatMessage({ id: "news.title" })}
          value={text.title}
          onChange={(title) => set({ title })}
          maxLength={256}
          error={errors["title"]}
        />
        <MarkdownField
          label={intl.formatMessage({ id: "news.text" })}
          value={text.body}
          onChange={(body) => set({ body })}
          preview={previewOf}
          error={errors["body"]}
          rows={6}
          words={{
            write: intl.formatMessage({ id: "markdown.write" }),
            preview: intl.formatMessage({ id: "markdown.preview" }),
            nothing: intl.formatMessage({ id: "markdown.nothing" }),
            bold: intl.formatMessage({ id: "markdown.bold" }),
            italic: intl.formatMessage({ id: "markdown.italic" }),
            link: intl.formatMessage({ id: "markdown.link" }),
            list: intl.formatMessage({ id: "markdown.list" }),
            quote: intl.formatMessage({ id: "markdown.quote" }),
          }}
        />
        <TextField
          label={intl.formatMessage({ id: "news.tags" })}
          help={intl.formatMessage({ id: "news.tags.help" })}
          value={text.tags}
          onChange={(tags) => set({ tags })}
          error={errors["tags"]}
        />
        <ul className={style["files"]} aria-label={intl.formatMessage({ id: "news.pictures" })}>
          {text.pictures.map((p, i) => (
            <li key={p.key} className="line">
              <TextField
                label={intl.formatMessage({ id: "news.caption" }, { name: p.name })}
                value={p.caption}
                onChange={(caption) => set({ pictures: text.pictures.map((o, at) => (at === i ? { ...o, caption } : o)) })}
                maxLength={500}
              />
              <Button variant="quiet" onPress={() => set({ pictures: text.pictures.filter((o) => o.key !== p.key) })}>
                <FormattedMessage id="news.picture.remove" />
                <span className="vh">: {p.name}</span>
              </Button>
            </li>
          ))}
        </ul>
        {picture.pending && <progress value={picture.sent} aria-label={intl.formatMessage({ id: "news.uploading" })} />}
        {(picture.wrong ?? errors["media"]) !== undefined && (
          <p className="field-error" role="alert">
            {errors["media"] ?? intl.formatMessage({ id: "news.picture.wrong" })}
          </p>
        )}
        <ActionError error={picture.error} />
        <Select
          label={intl.formatMessage({ id: "news.place" })}
          value={places.some((p) => p.id === text.place) ? text.place : "public"}
          onChange={(place) => set({ place })}
          choices={places}
          error={errors["visibility"]}
        />
        {!published && (
          <DateTimeField
            label={intl.formatMessage({ id: "news.later" })}
            value={text.at}
            onChange={(at) => set({ at })}
            clearLabel={intl.formatMessage({ id: "news.later.clear" })}
            error={errors["publish_at"]}
          />
        )}
        <div className="btns right">
          <FileButton onFiles={picture.choose} accept={pictureTypes.join(",")} disabled={text.pictures.length >= most || picture.pending}>
            <ImagePlus className="i s" aria-hidden="true" />
            {intl.formatMessage({ id: "news.picture.add" })}
          </FileButton>
          {!published && (
            <Button disabled={empty || picture.pending} pending={save.pending} onPress={() => save.start("draft")}>
              {intl.formatMessage({ id: "news.keep" })}
            </Button>
          )}
          <Button
            variant="primary"
            disabled={empty || picture.pending}
            pending={save.pending}
            onPress={() => save.start(text.at !== null && !published ? "scheduled" : "published")}
          >
            {intl.formatMessage({ id: published ? "action.save" : text.at !== null ? "news.schedule" : "news.publish" })}
          </Button>
        </div>
      </section>
    </FileDrop>
  );
}
