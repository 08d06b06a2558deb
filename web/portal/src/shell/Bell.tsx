import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { activity, ok } from "@updspace/kit/api.ts";
import { Bell as BellIcon } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { useIntl } from "react-intl";

const often = 60_000; // milliseconds between counts on a page that is looked at

/** How many notifications are unread, and the way to them. It comes after the page: no first view waits for it. */
export function Bell() {
  const intl = useIntl();
  const { pathname } = useLocation();
  const { data } = useQuery({
    queryKey: ["/api/v1/activity/notifications", "unread"],
    queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/notifications/unread", { signal })),
    refetchInterval: often,
    throwOnError: false,
  });
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
