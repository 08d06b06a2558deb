import { Ban, CircleCheck, Plus } from "lucide-react";
import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person, PersonName, usePersonName } from "@updspace/kit/people.tsx";
import { permissionName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Time, Until } from "@updspace/kit/time.tsx";
import { Why } from "@updspace/kit/why.tsx";
import { Button } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import style from "./manage.module.css";
import { OverrideForm } from "./OverrideForm.tsx";
import { overridePages, overridesKey, type Override } from "./queries.ts";

const ChangeOverride = lazy(async () => ({ default: (await import("./ChangeOverride.tsx")).ChangeOverride }));

/** Exceptions made for single people: stronger than every role. */
export function Overrides() {
  const intl = useIntl();
  const session = useSession();
  const [which, setWhich] = useState<"now" | "past">("now");
  const [making, setMaking] = useState(false);
  const query = usePages(overridePages({ active: which === "now" }));
  const mayWrite = may(session, "portal.policy_overrides.write");
  return (
    <div className="vstack">
      <div className={style["bar"]}>
        <Choice
          label={intl.formatMessage({ id: "manage.access.exceptions" })}
          value={which}
          onChange={setWhich}
          choices={[
            { id: "now", name: intl.formatMessage({ id: "manage.override.now" }) },
            { id: "past", name: intl.formatMessage({ id: "manage.override.past" }) },
          ]}
        />
        {mayWrite ? (
          <Button onPress={() => setMaking(true)}>
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="manage.override.new" />
          </Button>
        ) : (
          <span className="small muted">
            <FormattedMessage id="manage.override.read" /> <Why permission="portal.policy_overrides.write" />
          </span>
        )}
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "manage.override.empty" })} shape="people">
              <FormattedMessage id="manage.override.about" />
            </EmptyState>
          </div>
        }
      >
        {(items) => (
          <ul className="card rows">
            {items.map((o) => (
              <OverrideRow key={o.id} override={o} mayWrite={mayWrite} />
            ))}
          </ul>
        )}
      </PagedList>
      <OverrideForm open={making} onClose={() => setMaking(false)} />
    </div>
  );
}

function OverrideRow({ override: o, mayWrite }: { override: Override; mayWrite: boolean }) {
  const intl = useIntl();
  const name = usePersonName(o.user_id);
  const [asking, setAsking] = useState(false);
  const [changing, setChanging] = useState(false);
  const remove = useAction({
    run: (_: void, headers) =>
      ok(access.DELETE("/api/v1/access/policy-overrides/{override_id}", { params: { path: { override_id: o.id } }, headers })),
    stale: [[overridesKey]],
    done: intl.formatMessage({ id: "manage.override.removed" }),
    onDone: () => setAsking(false),
  });
  const what = o.permission_key === null ? intl.formatMessage({ id: "manage.permission.every" }) : permissionName(intl, o.permission_key);
  return (
    <li className={`row ${style["wraps"]}`}>
      <div className="grow vstack s">
        <Person id={o.user_id} size="m">
          <span className="line">
            <span className={o.action === "allow" ? "state ok" : "state danger"}>
              {o.action === "allow" ? <CircleCheck className="i s" aria-hidden="true" /> : <Ban className="i s" aria-hidden="true" />}
              <FormattedMessage id={`manage.override.is.${o.action}`} />
            </span>
            {what}
          </span>
        </Person>
        {o.reason !== "" && <p dir="auto">{o.reason}</p>}
        <p className="label muted line dots">
          {o.created_by !== null && (
            <span>
              <PersonName id={o.created_by} />
            </span>
          )}
          <span>
            <Time at={o.created_at} />
          </span>
          <span>{o.expires_at === null ? <FormattedMessage id="manage.until.never" /> : <Until at={o.expires_at} />}</span>
        </p>
      </div>
      {mayWrite && (
        <div className="btns">
          <Button size="s" onPress={() => setChanging(true)}>
            <FormattedMessage id="manage.override.change" />
          </Button>
          <Button size="s" variant="quiet" onPress={() => setAsking(true)}>
            <FormattedMessage id="manage.override.remove" />
          </Button>
        </div>
      )}
      <Suspense>{changing && <ChangeOverride override={o} open onClose={() => setChanging(false)} />}</Suspense>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "manage.override.remove.title" }, { name })}
        action={intl.formatMessage({ id: "manage.override.remove" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="manage.override.remove.effect" values={{ what }} />
        <ActionError error={remove.error} />
      </Confirm>
    </li>
  );
}
