// What the address of the notifications says, apart from the page: its route checks it before the page is loaded.
import * as v from "valibot";
import { maybe } from "../../searchParams.ts";

export const views = ["all", "unread", "answer", "me"] as const;
export type View = (typeof views)[number];

export const notificationsSearch = v.object({ view: maybe(v.picklist(views)) });
