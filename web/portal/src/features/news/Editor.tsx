import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { usePictureUpload } from "@updspace/kit/pictureUpload.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { DateTimeField } from "@updspace/ui/DateTimeField";
import { FileDrop } from "@updspace/ui/FileDrop";
import { MarkdownField } from "@updspace/ui/MarkdownField";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { boot, useSession } from "../../session.ts";
import { EditorMedia } from "./EditorMedia.tsx";
import { bodyOf, placeOf, textOf, type NewsText } from "./texts.ts";
import { previewOf, staleNews, uploadPicture, type NewsItem } from "./queries.ts";

interface EditorProps {
  /** The post that is changed; a new one when left out. */
  post?: NewsItem;
  onDone: (post: NewsItem) => void;
  /** Further buttons. */
  children?: ReactNode;
}

/** Writes a post of the news, or changes one: at once, later, or as a draft. */
export function Editor({ post, onDone, children }: EditorProps) {
  const intl = useIntl();
  const session = useSession();
  const { data: groups = [] } = useQuery(myGroupsQuery);
  const place = post ? `${post.payload_json.news_id}:${post.payload_json.version}` : "new";
  const [text, setText, forget] = useDraft<NewsText>(`${session.user.id}:news:${place}`, textOf(post));
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
    onDone: (stored) => {
      forget();
      onDone(stored);
    },
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
        <EditorMedia text={text} onChange={set} picture={picture} error={errors["media"]} />
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
          {children}
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
