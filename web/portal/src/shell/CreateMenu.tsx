import { CalendarDays, Flag, PenLine, Plus, Trophy, Vote } from "lucide-react";
import type { Session } from "@updspace/kit/boot.ts";
import { Button } from "@updspace/ui/Button";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { FormattedMessage, useIntl } from "react-intl";
import { may } from "../session.ts";

/** What the person may make here. Nothing is shown to those who may make nothing. */
export function CreateMenu({ session }: { session: Session }) {
  const intl = useIntl();
  const items = [
    { permission: "portal.posts.create_public", href: "/?write=true", name: "create.post", icon: PenLine },
    { permission: "events.event.create", href: "/events/new", name: "create.event", icon: CalendarDays },
    { permission: "voting.poll.create", href: "/polls/new", name: "create.poll", icon: Vote },
    { permission: "gamification.achievements.create", href: "/achievements/new", name: "create.achievement", icon: Trophy },
    { permission: "portal.communities.create", href: "/communities?found=true", name: "create.community", icon: Flag },
  ] as const;
  const mine = items.filter((i) => may(session, i.permission));
  if (mine.length === 0) return null;
  return (
    <Menu
      label={intl.formatMessage({ id: "create.label" })}
      trigger={
        <Button variant="primary">
          <Plus className="i s" aria-hidden="true" />
          <FormattedMessage id="create.label" />
        </Button>
      }
    >
      {mine.map(({ href, name, icon: Icon }) => (
        <MenuItem key={href} href={href} text={intl.formatMessage({ id: name })}>
          <Icon className="i s" aria-hidden="true" />
          <FormattedMessage id={name} />
        </MenuItem>
      ))}
    </Menu>
  );
}
