import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, ok, portal } from "@updspace/kit/api.ts";
import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { groupQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { useState } from "react";
import { useIntl } from "react-intl";
import { boot, may, useSession } from "../../session.ts";
import { bothOf, changeOf, editOf, onTopOf, type Edit } from "./edits.ts";
import { placeChoices, placeOf } from "./places.ts";
import { PostFields } from "./PostFields.tsx";
import { postQuery, postsKey, type Post } from "./queries.ts";
import { Versions } from "./Versions.tsx";

/** Changes a post. When it was changed meanwhile, both versions are shown and the author decides. */
export function EditPost({ post, onClose }: { post: Post; onClose: () => void }) {
  const intl = useIntl();
  const session = useSession();
  const client = useQueryClient();
  const [edit, setEdit, forget] = useDraft<Edit>(`${session.user.id}:post:${post.id}`, editOf(post));
  const [theirs, setTheirs] = useState<Post>();
  const { data: group } = useQuery({ ...groupQuery(post.team_id ?? post.community_id ?? ""), enabled: post.community_id !== null });
  const tenant = boot.tenant?.name ?? session.tenant.slug;
  const everyone = may(session, "portal.posts.create_public") || post.visibility === "public";
  const choices = placeChoices(intl, { groups: group ? [group] : [], tenant, everyone });
  const places = choices.some((c) => c.id === edit.place) ? choices : [{ id: placeOf(post), name: "…" }, ...choices];
  const save = useAction({
    run: async (change: Edit, headers) => {
      try {
        return await ok(
          portal.PATCH("/api/v1/portal/posts/{post_id}", { params: { path: { post_id: post.id } }, body: changeOf(change), headers }),
        );
      } catch (e) {
        if (e instanceof ApiError && e.code === "POST_CHANGED") setTheirs(await client.fetchQuery({ ...postQuery(post.id), staleTime: 0 }));
        throw e;
      }
    },
    stale: [[postsKey]],
    done: intl.formatMessage({ id: "posts.saved" }),
    onDone: () => {
      forget();
      onClose();
    },
  });
  const settle = (next: Edit) => {
    setEdit(next);
    setTheirs(undefined);
    save.reset();
  };
  return (
    <section className="card pad vstack" aria-label={intl.formatMessage({ id: "posts.edit.title" })}>
      {theirs ? (
        <Versions theirs={theirs} onMine={() => settle(onTopOf(edit, theirs))} onBoth={() => settle(bothOf(edit, theirs))} />
      ) : (
        <ActionError error={save.error} />
      )}
      <PostFields
        value={edit}
        onChange={(change) => setEdit((now) => ({ ...change(now), version: now.version }))}
        places={places}
        errors={fieldErrors(intl, save.error)}
        publish={intl.formatMessage({ id: "action.save" })}
        pending={save.pending}
        onPublish={() => save.start(edit)}
      >
        <Button
          variant="quiet"
          onPress={() => {
            forget();
            onClose();
          }}
        >
          {intl.formatMessage({ id: "posts.edit.discard" })}
        </Button>
      </PostFields>
    </section>
  );
}
