import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowDown, Check, CircleCheck, CircleX, Minus, X } from "lucide-react";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { permissionName, roleName } from "@updspace/kit/permissionWords.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { IconButton } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useState, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { countingRoles, stepsOf, type Step } from "./decision.ts";
import style from "./decision.module.css";
import { PermissionField } from "./PermissionField.tsx";
import { PlaceFields, scopeAt, wholeSpace, type Place } from "./PlaceFields.tsx";
import { ForAchievement } from "./ForAchievement.tsx";
import { PlaceName } from "./places.tsx";
import { bindingsQuery, decisionQuery, rolesQuery, type Scope } from "./queries.ts";

/** A person, a permission and a place: may they, and why. */
export function DecisionView({ user, permission = "" }: { user: string | undefined; permission: string | undefined }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const tenant = useSession().tenant.id;
  const [place, setPlace] = useState(wholeSpace);
  const go = (next: { user?: string | undefined; permission?: string }) =>
    void navigate({ to: "/manage/access", search: { user, permission: permission || undefined, ...next }, replace: true });
  const scope = scopeAt(place, tenant);
  return (
    <div className={style["split"]}>
      <div className="card pad vstack">
        {user === undefined ? (
          <PeopleField label={intl.formatMessage({ id: "manage.person" })} onPick={(id) => id !== undefined && go({ user: id })} />
        ) : (
          <div className="line nowrap">
            <div className="grow">
              <Person id={user} size="m" />
            </div>
            <IconButton label={intl.formatMessage({ id: "manage.access.other" })} onPress={() => go({ user: undefined })}>
              <X className="i s" aria-hidden="true" />
            </IconButton>
          </div>
        )}
        <PermissionField value={permission} onChange={(p) => go({ permission: p })} />
        <PlaceFields value={place} onChange={setPlace} />
      </div>
      {user !== undefined && permission !== "" ? (
        <Answer user={user} permission={permission} scope={scope} place={place} />
      ) : (
        <div className="card">
          <EmptyState shape="people" title={intl.formatMessage({ id: "manage.access.choose" })}>
            <FormattedMessage id="manage.access.choose.text" />
          </EmptyState>
        </div>
      )}
    </div>
  );
}

interface AnswerProps {
  user: string;
  permission: string;
  scope: Scope;
  place: Place;
}

function Answer({ user, permission, scope, place }: AnswerProps) {
  const intl = useIntl();
  const name = usePersonName(user);
  const { data, error } = useQuery(decisionQuery(user, permission, scope));
  if (error) return <ErrorPage error={error} />;
  if (!data) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />;
  const what = permissionName(intl, permission);
  const values = { name, what: what.charAt(0).toLocaleLowerCase() + what.slice(1) };
  return (
    <section className="card" aria-live="polite">
      <div className={style["verdict"]}>
        <span className={data.allowed ? "state ok" : "state danger"}>
          {data.allowed ? <CircleCheck className="i l" aria-hidden="true" /> : <CircleX className="i l" aria-hidden="true" />}
        </span>
        <h2>
          <FormattedMessage id={data.allowed ? "manage.access.may" : "manage.access.mayNot"} values={values} />
        </h2>
      </div>
      <ol className={style["steps"]}>
        {stepsOf(data).map((s) => (
          <StepLine key={s.rule} step={s}>
            {s.rule === "roles" && <RolesLooked user={user} permission={permission} scope={scope} place={place} />}
          </StepLine>
        ))}
      </ol>
      <p className="label muted pad">
        <FormattedMessage id="manage.access.note" />
      </p>
    </section>
  );
}

function StepLine({ step, children }: { step: Step; children: ReactNode }) {
  const intl = useIntl();
  const Icon = { continue: ArrowDown, allow: Check, deny: X }[step.outcome];
  return (
    <li className={style[step.outcome]}>
      <span className={style["mark"]}>
        <Icon className="i s" aria-hidden="true" />
      </span>
      <div className="grow vstack xs">
        <b>{intl.formatMessage({ id: `manage.rule.${step.rule}` })}</b>
        <span className="small muted">
          <FormattedMessage id={`manage.step.${step.rule}.${step.outcome}`} />
        </span>
        {children}
      </div>
    </li>
  );
}

/** The roles that the step looked at. */
function RolesLooked({ user, permission, scope, place }: AnswerProps) {
  const intl = useIntl();
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const { data: bindings } = useSuspenseQuery(bindingsQuery);
  const now = useNow();
  const looked = countingRoles(user, permission, scope, {
    roles,
    bindings: bindings.items,
    communityOf: (team) => (team === place.team ? place.community : undefined),
    now,
  });
  return (
    <ul className={style["roles"]}>
      {looked.map((c) => (
        <li key={`${c.role.id} ${c.bound?.type} ${c.bound?.id} ${c.achievement}`} className="line small">
          {c.grants ? <Check className="i s" aria-hidden="true" /> : <Minus className="i s" aria-hidden="true" />}
          <b dir="auto">{roleName(intl, c.role.name)}</b>
          <span className="line muted dots">
            <span>{c.bound ? <PlaceName scope={c.bound} /> : <FormattedMessage id="manage.access.asMember" />}</span>
            {c.achievement !== null && (
              <span>
                <ForAchievement id={c.achievement} />
              </span>
            )}
            <span>
              <FormattedMessage id={c.grants ? "why.role.grants" : "why.role.not"} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
