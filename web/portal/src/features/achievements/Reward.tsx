import { useQuery } from "@tanstack/react-query";
import { BadgeCheck, TriangleAlert } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Select } from "@updspace/ui/Select";
import { useState } from "react";
import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import { may, useSession } from "../../session.ts";
import { achievementKeys } from "./parts.ts";
import { rewardQuery, rewardRolesQuery, type Reward } from "./rewardQueries.ts";

type Named = Pick<Reward["role"], "service" | "name">;

/** The platform's own roles are translated; other names are what people have typed. An administrator's is no reward. */
function roleName(intl: IntlShape, { name }: Named): string {
  return name === "moderator" || name === "member" ? intl.formatMessage({ id: `achievements.reward.role.${name}` }) : name;
}

const services = ["portal", "voting", "events", "gamification"] as const;

function serviceName(intl: IntlShape, { service }: Named): string {
  const known = services.find((s) => s === service);
  return known ? intl.formatMessage({ id: `achievements.reward.service.${known}` }) : service;
}

/** A line that says which role holders have, and whether new ones still get it. */
export function RewardRow({ id }: { id: string }) {
  const { data: reward } = useQuery(rewardQuery(id));
  if (!reward) return null;
  return (
    <li className="row">
      <BadgeCheck className="i" aria-hidden="true" />
      <span className="grow">
        <RewardText reward={reward} />
      </span>
    </li>
  );
}

function RewardText({ reward }: { reward: Reward }) {
  const intl = useIntl();
  return (
    <>
      <FormattedMessage
        id="achievements.reward.rule"
        values={{ role: <b dir="auto">{roleName(intl, reward.role)}</b>, service: serviceName(intl, reward.role) }}
      />
      {reward.state !== "active" && (
        <span className="line small muted">
          <TriangleAlert className="i s" aria-hidden="true" />
          <FormattedMessage id={`achievements.reward.${reward.state}`} />
        </span>
      )}
    </>
  );
}

/** The reward in the editor. It is stored at once, apart from the rest. */
export function RewardCard({ id }: { id: string }) {
  const session = useSession();
  const { data: reward } = useQuery(rewardQuery(id));
  const mayGive = may(session, "portal.role_bindings.write") && may(session, "portal.roles.read");
  const remove = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.DELETE("/api/v1/gamification/achievements/{achievement_id}/reward", {
          params: { path: { achievement_id: id } },
          headers,
        }),
      ),
    stale: achievementKeys,
    done: useIntl().formatMessage({ id: "achievements.reward.removed" }),
  });
  if (reward === undefined || (reward === null && !mayGive)) return null;
  return (
    <section className="card pad vstack" aria-labelledby="reward">
      <h2 id="reward">
        <FormattedMessage id="achievements.reward" />
      </h2>
      <p>{reward ? <RewardText reward={reward} /> : <FormattedMessage id="achievements.reward.help" />}</p>
      <ActionError error={remove.error} />
      {mayGive && <ChooseRole key={reward?.role.id} id={id} reward={reward} />}
      {reward && (
        <div className="btns">
          <Button pending={remove.pending} onPress={() => remove.start()}>
            <FormattedMessage id="achievements.reward.remove" />
          </Button>
        </div>
      )}
    </section>
  );
}

/** Roles whose permissions the person holds are accepted; the server decides. */
function ChooseRole({ id, reward }: { id: string; reward: Reward | null }) {
  const intl = useIntl();
  const { data: roles } = useQuery(rewardRolesQuery);
  const [role, setRole] = useState("");
  const put = useAction({
    run: (role_id: number, headers) =>
      ok(
        gamification.PUT("/api/v1/gamification/achievements/{achievement_id}/reward", {
          params: { path: { achievement_id: id } },
          body: { role_id },
          headers,
        }),
      ),
    stale: achievementKeys,
    done: intl.formatMessage({ id: "achievements.reward.set.done" }),
    onDone: () => setRole(""),
  });
  const offered = roles?.filter((r) => reward?.state !== "active" || r.id !== reward.role.id) ?? [];
  if (offered.length === 0) return null;
  return (
    <>
      <Select
        label={intl.formatMessage({ id: "achievements.reward.field" })}
        placeholder={intl.formatMessage({ id: "achievements.reward.choose" })}
        value={role}
        choices={offered.map((r) => ({ id: String(r.id), name: `${roleName(intl, r)} · ${serviceName(intl, r)}` }))}
        onChange={setRole}
      />
      <ActionError error={put.error} />
      {role !== "" && (
        <div className="btns">
          <Button variant="primary" pending={put.pending} onPress={() => put.start(Number(role))}>
            <FormattedMessage id="achievements.reward.set" />
          </Button>
        </div>
      )}
    </>
  );
}
