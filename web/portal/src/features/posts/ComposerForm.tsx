import { useQuery } from "@tanstack/react-query";
import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import type { SetStateAction } from "react";
import { useIntl } from "react-intl";
import { boot, may, useSession } from "../../session.ts";
import { placeChoices, placed } from "./places.ts";
import { PostFields, type PostText } from "./PostFields.tsx";
import { filed, postsKey } from "./queries.ts";

interface ComposerFormProps {
  draft: PostText;
  onChange: (change: SetStateAction<PostText>) => void;
  written: boolean;
  onPublished: () => void;
  onClose: () => void;
}

/** The composer opened. Apart from it, since its fields weigh more than a page. */
export function ComposerForm({ draft, onChange, written, onPublished, onClose }: ComposerFormProps) {
  const intl = useIntl();
  const session = useSession();
  const { data: groups = [] } = useQuery(myGroupsQuery);
  const create = useAction({
    run: ({ title, body, place: to, attachments }: PostText, headers) =>
      ok(
        portal.POST("/api/v1/portal/posts", {
          body: { title, body, ...placed(to), ...filed(attachments) },
          headers,
        }),
      ),
    stale: [[postsKey]],
    done: intl.formatMessage({ id: "posts.published" }),
    onDone: onPublished,
  });
  const tenant = boot.tenant?.name ?? session.tenant.slug;
  const places = placeChoices(intl, { groups, tenant, everyone: may(session, "portal.posts.create_public") });
  return (
    <section className="card pad" aria-label={intl.formatMessage({ id: "posts.new" })}>
      <ActionError error={create.error} />
      <PostFields
        value={draft}
        onChange={onChange}
        places={places}
        errors={fieldErrors(intl, create.error)}
        publish={intl.formatMessage({ id: "posts.publish" })}
        pending={create.pending}
        onPublish={() => create.start({ ...draft, place: places.some((p) => p.id === draft.place) ? draft.place : "private" })}
      >
        <Button variant="quiet" onPress={onClose}>
          {intl.formatMessage({ id: written ? "posts.later" : "action.cancel" })}
        </Button>
      </PostFields>
    </section>
  );
}
