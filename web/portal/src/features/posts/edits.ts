// Changing a post while others may change it too: nothing that anybody wrote is lost.
import { placed, placeOf } from "./places.ts";
import type { PostText } from "./PostFields.tsx";
import { filed, type Attachment, type Post, type Visibility } from "./queries.ts";

/** What is being written, and the version of the post that it began with. */
export interface Edit extends PostText {
  version: number;
}

export const editOf = (post: Post): Edit => ({
  title: post.title,
  body: post.body,
  place: placeOf(post),
  attachments: post.attachments,
  version: post.version,
});

interface Change {
  title: string;
  body: string;
  visibility: Visibility;
  attachment_ids: string[];
  alt_texts: { id: string; text: string }[];
  version: number;
}

export const changeOf = (edit: Edit): Change => ({
  title: edit.title,
  body: edit.body,
  visibility: placed(edit.place).visibility,
  ...filed(edit.attachments),
  version: edit.version,
});

/** One's own words over the version that is there now. Files that others added meanwhile stay. */
export const onTopOf = (mine: Edit, theirs: Post): Edit => ({
  ...mine,
  attachments: union(mine.attachments, theirs.attachments),
  version: theirs.version,
});

/** Both texts in one, to be put in order by hand. */
export const bothOf = (mine: Edit, theirs: Post): Edit => ({
  ...onTopOf(mine, theirs),
  title: mine.title || theirs.title,
  body: mine.body === theirs.body ? mine.body : `${mine.body}\n\n---\n\n${theirs.body}`,
});

function union(a: readonly Attachment[], b: readonly Attachment[]): Attachment[] {
  return [...a, ...b.filter((x) => !a.some((y) => y.id === x.id))];
}
