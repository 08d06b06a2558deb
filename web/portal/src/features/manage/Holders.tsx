import { useSuspenseQuery } from "@tanstack/react-query";
import { MoreHorizontal } from "lucide-react";
import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { Person, PersonStack, usePersonName } from "@updspace/kit/people.tsx";
import { roleName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Until, useNow } from "@updspace/kit/time.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./manage.module.css";
import { ForAchievement } from "./ForAchievement.tsx";
import { PlaceName, usePlaceText } from "./places.tsx";
import { bindingsKey, bindingsQuery, type Binding, type Role } from "./queries.ts";
import { isInForce, scopeOf } from "./roles.ts";

const GiveRole = lazy(async () => ({ default: (await import("./GiveRole.tsx")).GiveRole }));
const ChangeEnd = lazy(async () => ({ default: (await import("./ChangeEnd.tsx")).ChangeEnd }));

const few = 4; // rows before "show all"

/** Who holds the role, and where: the first question of an administrator. */
export function Holders({ role, everyone, mayGive }: { role: Role; everyone: boolean; mayGive: boolean }) {
  const intl = useIntl();
  const { data } = useSuspenseQuery(bindingsQuery);
  const now = useNow();
  const [all, setAll] = useState(false);
  const [giving, setGiving] = useState(false);
  const held = data.items.filter((b) => b.role_id === role.id && isInForce(b, now));
  const people = [...new Set(held.map((b) => b.user_id))];
  const shown = all ? held : held.slice(0, few);
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "manage.holders" })}>
      <div className={style["hold"]}>
        {people.length > 0 && <PersonStack people={people} most={4} />}
        <span className="grow small">
          <b>
            {everyone ? (
              <FormattedMessage id="manage.holders.everyone" />
            ) : (
              <FormattedMessage id="manage.holders.people" values={{ count: people.length }} />
            )}
          </b>
          {everyone && people.length > 0 && (
            <span className="muted block">
              <FormattedMessage id="manage.holders.besides" values={{ count: people.length }} />
            </span>
          )}
          {!data.complete && (
            <span className="muted block">
              <FormattedMessage id="manage.holders.more" />
            </span>
          )}
        </span>
        {mayGive && (
          <Button size="s" onPress={() => setGiving(true)}>
            <FormattedMessage id="manage.give" />
          </Button>
        )}
      </div>
      {held.length > 0 && (
        <ul className="rows">
          {shown.map((b) => (
            <Holder key={b.id} binding={b} role={role} mayTake={mayGive} />
          ))}
        </ul>
      )}
      {held.length > few && (
        <div className={style["hold"]}>
          <Button size="s" variant="quiet" onPress={() => setAll(!all)}>
            <FormattedMessage id={all ? "manage.holders.less" : "manage.holders.all"} values={{ count: held.length }} />
          </Button>
        </div>
      )}
      <Suspense>{giving && <GiveRole role={role} open onClose={() => setGiving(false)} />}</Suspense>
    </section>
  );
}

function Holder({ binding, role, mayTake }: { binding: Binding; role: Role; mayTake: boolean }) {
  const intl = useIntl();
  const [taking, setTaking] = useState(false);
  const [ending, setEnding] = useState(false);
  const name = usePersonName(binding.user_id);
  const place = usePlaceText(scopeOf(binding));
  const take = useAction({
    run: (_: void, headers) =>
      ok(access.DELETE("/api/v1/access/admin/role-bindings/{binding_id}", { params: { path: { binding_id: binding.id } }, headers })),
    stale: [[bindingsKey]],
    done: intl.formatMessage({ id: "manage.take.done" }),
    onDone: () => setTaking(false),
  });
  const manual = binding.source === "manual";
  return (
    <li className="row">
      <div className="grow">
        <Person id={binding.user_id} size="m">
          <span className="line dots">
            <span>
              <PlaceName scope={scopeOf(binding)} />
            </span>
            {binding.expires_at !== null && (
              <span>
                <Until at={binding.expires_at} />
              </span>
            )}
            {!manual && (
              <span>
                {binding.achievement_id !== null ? (
                  <ForAchievement id={binding.achievement_id} />
                ) : (
                  <FormattedMessage id={binding.source === "discord" ? "manage.holders.discord" : "manage.holders.membership"} />
                )}
              </span>
            )}
          </span>
        </Person>
      </div>
      {mayTake && manual && (
        <Menu
          label={intl.formatMessage({ id: "manage.holder.actions" }, { name })}
          trigger={
            <IconButton label={intl.formatMessage({ id: "manage.holder.actions" }, { name })}>
              <MoreHorizontal className="i" aria-hidden="true" />
            </IconButton>
          }
        >
          <MenuItem onAction={() => setEnding(true)}>{intl.formatMessage({ id: "manage.end" })}</MenuItem>
          <MenuItem danger onAction={() => setTaking(true)}>
            {intl.formatMessage({ id: "manage.take" })}
          </MenuItem>
        </Menu>
      )}
      <Suspense>{ending && <ChangeEnd binding={binding} open onClose={() => setEnding(false)} />}</Suspense>
      <Confirm
        open={taking}
        onClose={() => setTaking(false)}
        title={intl.formatMessage({ id: "manage.take.title" }, { name, role: roleName(intl, role.name) })}
        action={intl.formatMessage({ id: "manage.take" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={take.pending}
        onConfirm={() => take.start()}
      >
        <FormattedMessage id="manage.take.effect" values={{ place }} />
        <ActionError error={take.error} />
      </Confirm>
    </li>
  );
}
