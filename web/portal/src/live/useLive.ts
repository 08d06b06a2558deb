import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import type { LiveEvent } from "@updspace/kit/live.ts";
import { useEffect, useEffectEvent } from "react";
import { live } from "./stream.ts";

/** What an event means for a page: nothing, that what it shows has changed, or that it is gone. */
export type Meaning = "changed" | "gone" | undefined;

const soonest = 300; // milliseconds, in which what comes together becomes one reading
const spread = 900; // milliseconds more at most, so that not all who look at one thing read it at the same moment

/** What an event means for the page of one thing of the feed. */
export function about(source: string, { name, data }: LiveEvent): Meaning {
  if (name === "ready") return data["missed"] === true ? "changed" : undefined;
  if (data["source_ref"] !== source) return undefined;
  return name === "item-delete" ? "gone" : "changed";
}

/** Reads what is shown anew when it changes: the queries whose keys begin so. Of what is gone nothing is left. */
export function useLive(meaning: (event: LiveEvent) => Meaning, stale: QueryKey, on = true): void {
  const client = useQueryClient();
  const means = useEffectEvent(meaning);
  const read = useEffectEvent((gone: boolean) =>
    gone ? client.resetQueries({ queryKey: stale }) : client.invalidateQueries({ queryKey: stale }),
  );
  useEffect(() => {
    if (!on) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const end = live.listen((event) => {
      const what = means(event);
      if (what === undefined) return;
      gone ||= what === "gone";
      timer ??= setTimeout(
        () => {
          void read(gone);
          timer = undefined;
          gone = false;
        },
        soonest + Math.random() * spread,
      );
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [on]);
}
