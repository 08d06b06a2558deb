import { useQuery } from "@tanstack/react-query";
import { Ellipsis, Link2, Pencil, Trash2 } from "lucide-react";
import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { groupQuery } from "@updspace/kit/groups.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { toast } from "@updspace/ui/Toast";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { rightsIn } from "../../rights.ts";
import { boot, may, useSession } from "../../session.ts";
import { postsKey, type Post, type PostSummary } from "./queries.ts";

/** Whether the person may change and delete a post: its author, and those who manage posts where it stands. */
function useMayChange(post: Post | PostSummary): boolean {
  const session = useSession();
  const own = post.created_by === session.user.id;
  const group = useQuery({ ...groupQuery(post.team_id ?? post.community_id ?? ""), enabled: !own && post.community_id !== null }).data;
  const within = useQuery({ ...groupQuery(post.community_id ?? ""), enabled: !own && post.team_id !== null }).data;
  return own || may(session, "portal.posts.manage") || (group !== undefined && rightsIn(session, group, within).posts);
}

interface PostMenuProps {
  post: Post | PostSummary;
  onDeleted?: () => void;
}

export function PostMenu(props: PostMenuProps) {
  return boot.session ? <Actions {...props} /> : null;
}

function Actions({ post, onDeleted }: PostMenuProps) {
  const intl = useIntl();
  const name = usePersonName(post.created_by);
  const mayChange = useMayChange(post);
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    run: (_: void, headers) => ok(portal.DELETE("/api/v1/portal/posts/{post_id}", { params: { path: { post_id: post.id } }, headers })),
    stale: [[postsKey]],
    done: intl.formatMessage({ id: "posts.deleted" }),
    onDone: () => {
      setAsking(false);
      onDeleted?.();
    },
  });
  const copy = async () => {
    await navigator.clipboard.writeText(`${location.origin}/posts/${post.id}`);
    toast(intl.formatMessage({ id: "posts.link.copied" }));
  };
  return (
    <>
      <Menu
        label={intl.formatMessage({ id: "posts.actions" }, { name })}
        trigger={
          <IconButton label={intl.formatMessage({ id: "posts.actions" }, { name })}>
            <Ellipsis className="i" aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem text={intl.formatMessage({ id: "posts.link.copy" })} onAction={() => void copy()}>
          <Link2 className="i s" aria-hidden="true" />
          <FormattedMessage id="posts.link.copy" />
        </MenuItem>
        {mayChange && (
          <>
            <MenuItem text={intl.formatMessage({ id: "posts.edit" })} href={`/posts/${post.id}?edit=true`}>
              <Pencil className="i s" aria-hidden="true" />
              <FormattedMessage id="posts.edit" />
            </MenuItem>
            <MenuItem text={intl.formatMessage({ id: "posts.delete" })} danger onAction={() => setAsking(true)}>
              <Trash2 className="i s" aria-hidden="true" />
              <FormattedMessage id="posts.delete" />
            </MenuItem>
          </>
        )}
      </Menu>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "posts.delete.title" }, { title: post.title || intl.formatMessage({ id: "posts.untitled" }) })}
        action={intl.formatMessage({ id: "posts.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="posts.delete.text" values={{ files: post.attachments.length }} />
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}
