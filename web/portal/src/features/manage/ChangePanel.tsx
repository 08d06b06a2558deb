import { CircleMinus, CirclePlus } from "lucide-react";
import { useGroupName } from "@updspace/kit/groups.tsx";
import { PersonStack, usePersonName } from "@updspace/kit/people.tsx";
import { permissionName, roleName } from "@updspace/kit/permissionWords.ts";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { keptSentences, type Change, type Impact, type KeptSentence } from "./changes.ts";
import style from "./manage.module.css";
import type { Role } from "./queries.ts";

const bold = (chunks: ReactNode) => <b>{chunks}</b>;

/** "Create polls" inside of a sentence. */
function lower(text: string): string {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}

/** What changes, whom it touches, and who keeps what through another role. */
export function ChangeList({ role, impact }: { role: Role; impact: Impact }) {
  const place = useGroupName(impact.place && ["COMMUNITY", "TEAM"].includes(impact.place.type) ? impact.place.id : null);
  return (
    <div className="vstack">
      <ul className={style["changes"]}>
        {impact.changes.map((c) => (
          <ChangeLine key={c.key} change={c} role={role} place={place} everyone={impact.everyone} />
        ))}
      </ul>
      <div className="vstack s">
        {impact.people.length > 0 && <PersonStack people={impact.people} />}
        <p className="small muted">
          {impact.everyone ? (
            <FormattedMessage id="manage.change.everyone" />
          ) : (
            <FormattedMessage id="manage.change.people" values={{ count: impact.people.length }} />
          )}
          {keptSentences(impact.kept).map((k) => (
            <KeptLine key={`${k.role.id} ${k.permission}`} sentence={k} />
          ))}
          {impact.heldByAll.map((key) => (
            <HeldByAll key={key} of={key} />
          ))}
        </p>
      </div>
    </div>
  );
}

function ChangeLine({ change, role, place, everyone }: { change: Change; role: Role; place: string | undefined; everyone: boolean }) {
  const intl = useIntl();
  const gain = change.kind === "gain";
  const values = {
    role: roleName(intl, role.name),
    what: lower(permissionName(intl, change.key)),
    where: place ?? "none",
    who: everyone ? "everyone" : "holders",
    b: bold,
  };
  return (
    <li className={gain ? style["gain"] : style["loss"]}>
      {gain ? <CirclePlus className="i" aria-hidden="true" /> : <CircleMinus className="i" aria-hidden="true" />}
      <span>
        {gain ? <FormattedMessage id="manage.change.gain" values={values} /> : <FormattedMessage id="manage.change.loss" values={values} />}
      </span>
    </li>
  );
}

function KeptLine({ sentence: { permission, users, role } }: { sentence: KeptSentence }) {
  const intl = useIntl();
  const name = usePersonName(users[0] ?? "");
  const values = {
    name,
    others: users.length - 1,
    what: lower(permissionName(intl, permission)),
    role: roleName(intl, role.name),
  };
  return (
    <>
      {" "}
      <FormattedMessage id="manage.change.kept" values={values} />
    </>
  );
}

function HeldByAll({ of }: { of: string }) {
  const intl = useIntl();
  return (
    <>
      {" "}
      <FormattedMessage id="manage.change.heldByAll" values={{ what: lower(permissionName(intl, of)) }} />
    </>
  );
}
