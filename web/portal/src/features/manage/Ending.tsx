import { useSuspenseQuery } from "@tanstack/react-query";
import { Person } from "@updspace/kit/people.tsx";
import { roleName } from "@updspace/kit/permissionWords.ts";
import { Time, useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { TextLink } from "@updspace/ui/TextLink";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import style from "./manage.module.css";
import { ChangeEnd } from "./ChangeEnd.tsx";
import { PlaceName } from "./places.tsx";
import { bindingsQuery, type Binding } from "./queries.ts";
import { isInForce, scopeOf } from "./roles.ts";

/** Roles that end by themselves, the next first. */
export function Ending() {
  const intl = useIntl();
  const { data } = useSuspenseQuery(bindingsQuery);
  const now = useNow();
  const ending = data.items
    .filter((b) => b.expires_at !== null && isInForce(b, now))
    .toSorted((a, b) => Date.parse(a.expires_at ?? "") - Date.parse(b.expires_at ?? ""));
  if (ending.length === 0) {
    return (
      <div className="card">
        <EmptyState title={intl.formatMessage({ id: "manage.ending.empty" })} shape="date">
          <FormattedMessage id="manage.ending.about" />
        </EmptyState>
      </div>
    );
  }
  return (
    <ul className="card rows">
      {ending.map((b) => (
        <EndingRow key={b.id} binding={b} />
      ))}
    </ul>
  );
}

function EndingRow({ binding }: { binding: Binding }) {
  const intl = useIntl();
  const session = useSession();
  const [changing, setChanging] = useState(false);
  return (
    <li className={`row ${style["wraps"]}`}>
      <div className="grow">
        <Person id={binding.user_id} size="m">
          <span className="line dots">
            <TextLink href={`/manage/roles/${binding.role_id}`}>
              <bdi>{roleName(intl, binding.role_name)}</bdi>
            </TextLink>
            <span>
              <PlaceName scope={scopeOf(binding)} />
            </span>
          </span>
        </Person>
      </div>
      <span className="small">{binding.expires_at !== null && <Time at={binding.expires_at} />}</span>
      {may(session, "portal.role_bindings.write") && binding.source === "manual" && (
        <Button size="s" onPress={() => setChanging(true)}>
          <FormattedMessage id="manage.end" />
        </Button>
      )}
      <ChangeEnd binding={binding} open={changing} onClose={() => setChanging(false)} />
    </li>
  );
}
