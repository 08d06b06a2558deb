import { useState } from "react";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { renumber } from "./order.ts";
import { pollKeys } from "./queries.ts";

interface Ordered {
  id: string;
  sort_order: number;
}

/** Things in the order that was just chosen, at once; the server learns the new numbers one by one. Undone when it refuses. */
export function useOrder<T extends Ordered>(things: readonly T[], save: (thing: Ordered, headers: WriteHeaders) => Promise<unknown>) {
  const [wanted, setWanted] = useState<readonly string[]>();
  const action = useAction({
    run: async (ids: readonly string[], headers) => {
      for (const thing of renumber(things, ids)) {
        await save(thing, { "X-Request-Id": `${headers["X-Request-Id"]}-${thing.sort_order}` }); // in order: no two may have one number
      }
    },
    stale: pollKeys,
  });
  const order = action.error ? undefined : wanted;
  const rank = (t: T) => {
    const at = order?.indexOf(t.id) ?? -1;
    return at === -1 ? things.length : at; // new ones stand last
  };
  return {
    items: order ? things.toSorted((a, b) => rank(a) - rank(b)) : things,
    error: action.error,
    reorder: (ids: string[]) => {
      setWanted(ids);
      action.start(ids);
    },
  };
}
