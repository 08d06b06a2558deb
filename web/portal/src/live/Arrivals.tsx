import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import type { LiveEvent } from "@updspace/kit/live.ts";
import { Button } from "@updspace/ui/Button";
import { useEffect, useEffectEvent, useState } from "react";
import { FormattedMessage } from "react-intl";
import { live } from "./stream.ts";

/** The sources that are new after an event. */
export function arrivedAfter(arrived: readonly string[], { name, data }: LiveEvent): readonly string[] {
  const source = String(data["source_ref"]);
  if (name === "item-delete") return arrived.filter((s) => s !== source);
  if (name !== "item-upsert" || data["own"] === true || data["is_new"] !== true || arrived.includes(source)) return arrived;
  return [...arrived, source];
}

interface ArrivalsProps {
  stale: readonly QueryKey[];
  /** The query of the number of unread items, which the stream keeps true. */
  unread: QueryKey;
}

/** Says how many things have arrived since the lists with these keys were read; they wait until the person wants to see them. What has gone goes at
 * once. */
export function Arrivals({ stale, unread }: ArrivalsProps) {
  const client = useQueryClient();
  const [arrived, setArrived] = useState<readonly string[]>([]);
  const refresh = () => void Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
  const told = useEffectEvent((event: LiveEvent) => {
    setArrived((now) => arrivedAfter(now, event));
    if (event.name === "unread") client.setQueryData(unread, { count: event.data["count"] });
    if (event.name === "item-delete" || event.data["missed"] === true) refresh();
  });
  useEffect(() => live.listen((event) => told(event)), []);
  return (
    <div role="status" className="btns center">
      {arrived.length > 0 && (
        <Button
          onPress={() => {
            setArrived([]);
            refresh();
          }}
        >
          <ArrowUp className="i s" aria-hidden="true" />
          <FormattedMessage id="home.arrived" values={{ n: arrived.length }} />
        </Button>
      )}
    </div>
  );
}
