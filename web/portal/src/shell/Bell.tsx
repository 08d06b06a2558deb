import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { activity, ok } from "@updspace/kit/api.ts";
import { Bell as BellIcon } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { useIntl } from "react-intl";
import { useLive } from "../live/useLive.ts";
import { may, useSession } from "../session.ts";

const often = 300_000; // milliseconds between counts on a page that is looked at, for what the stream did not tell
const fresh = 10_000; // milliseconds
const key = "/api/v1/activity/notifications";

/** How many notifications are unread, and the way to them. It comes after the page: no first view waits for it. */
export function Bell() {
  const intl = useIntl();
  const { pathname } = useLocation();
  const { data, dataUpdatedAt } = useQuery({
    queryKey: [key, "unread"],
    queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/notifications/unread", { signal })),
    refetchInterval: often,
    throwOnError: false,
  });
  // The list of the page of notifications is read anew with the number; both also when the connection was lost meanwhile.
  const listens = may(useSession(), "activity.feed.read");
  const old = (name: string) => name === "ready" && Date.now() - dataUpdatedAt > fresh;
  useLive(({ name }) => (name === "notifications" || old(name) ? "changed" : undefined), [key], listens);
  const n = data?.count ?? 0;
  return (
    <Link
      to="/notifications"
      className="icon-btn"
      aria-label={intl.formatMessage({ id: "nav.notifications" }, { n })}
      {...(pathname === "/notifications" && { "aria-current": "page" as const })}
    >
      <BellIcon className="i" aria-hidden="true" />
      {n > 0 && (
        <span className="count" aria-hidden="true">
          {n > 99 ? "99+" : n}
        </span>
      )}
    </Link>
  );
}
