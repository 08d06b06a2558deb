// What the address of the news says, apart from the page: its route checks it before the page is loaded.
import * as v from "valibot";
import { maybe, maybeId, maybeText } from "../../searchParams.ts";

export const newsSearch = v.object({ q: maybeText(100), tag: maybeText(50), author: maybeId, sort: maybe(v.picklist(["new", "best"])) });
export type NewsSearch = v.InferOutput<typeof newsSearch>;
