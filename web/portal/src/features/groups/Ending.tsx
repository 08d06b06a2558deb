import { useNavigate } from "@tanstack/react-router";
import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { groupsKey, type Group } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Dialog } from "@updspace/ui/Dialog";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./groups.module.css";
import { groupStale } from "./queries.ts";

/** Archives a group, or takes it out of the archive. */
export function ArchiveCard({ group }: { group: Group }) {
  const intl = useIntl();
  const [asking, setAsking] = useState(false);
  const archived = group.status === "archived";
  const change = useAction({
    run: (_: void, headers) => {
      const params = { path: { group_id: group.id } };
      return archived
        ? ok(portal.POST("/api/v1/portal/groups/{group_id}/restore", { params, headers }))
        : ok(portal.POST("/api/v1/portal/groups/{group_id}/archive", { params, headers }));
    },
    stale: groupStale,
    done: (g) => intl.formatMessage({ id: g.status === "archived" ? "groups.archive.done" : "groups.restore.done" }, { name: g.name }),
    onDone: () => setAsking(false),
  });
  return (
    <section className="card pad-l vstack s" aria-labelledby="archive">
      <h2 id="archive">
        <FormattedMessage id={archived ? "groups.restore" : "groups.archive"} />
      </h2>
      <p className="muted">
        <FormattedMessage id={archived ? "groups.restore.text" : "groups.archive.text"} />
      </p>
      {archived && <ActionError error={change.error} />}
      <div className="btns">
        <Button pending={change.pending} onPress={() => (archived ? change.start() : setAsking(true))}>
          <FormattedMessage id={archived ? "groups.restore.button" : "groups.archive.button"} />
        </Button>
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "groups.archive.title" }, { name: group.name })}
        action={intl.formatMessage({ id: "groups.archive.button" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={change.pending}
        onConfirm={() => change.start()}
      >
        <FormattedMessage id="groups.archive.text" />
        <ActionError error={change.error} />
      </Confirm>
    </section>
  );
}

/** Deletes a group with everything in it, once its name has been typed. */
export function DeleteCard({ group }: { group: Group }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useAction({
    run: (_: void, headers) => ok(portal.DELETE("/api/v1/portal/groups/{group_id}", { params: { path: { group_id: group.id } }, headers })),
    stale: [
      [groupsKey, "communities"],
      [groupsKey, "mine"],
      [groupsKey, group.community_id, "teams"],
    ],
    done: intl.formatMessage({ id: "groups.delete.done" }, { name: group.name }),
    // Leaves first: the page of what is gone would ask for it again.
    onDone: () => void navigate({ href: group.kind === "COMMUNITY" ? "/communities" : `/c/${group.community_id}` }),
  });
  const close = () => {
    setAsking(false);
    setTyped("");
  };
  return (
    <section className={`card pad-l vstack s ${style["danger-card"]}`} aria-labelledby="delete">
      <h2 id="delete">
        <FormattedMessage id="groups.delete" />
      </h2>
      <p className="muted">
        <FormattedMessage id={group.kind === "COMMUNITY" ? "groups.delete.community" : "groups.delete.team"} />
      </p>
      <div className="btns">
        <Button variant="danger" onPress={() => setAsking(true)}>
          <FormattedMessage id="groups.delete.button" />
        </Button>
      </div>
      <Dialog
        open={asking}
        alert
        onClose={close}
        title={intl.formatMessage({ id: "groups.delete.title" }, { name: group.name })}
        closeLabel={intl.formatMessage({ id: "action.close" })}
      >
        <form
          className="form"
          onSubmit={(e) => {
            e.preventDefault();
            if (typed.trim() === group.name) remove.start();
          }}
        >
          <p className="muted">
            <FormattedMessage id={group.kind === "COMMUNITY" ? "groups.delete.community" : "groups.delete.team"} />
          </p>
          <ActionError error={remove.error} />
          <TextField
            label={intl.formatMessage({ id: "groups.delete.type" }, { name: group.name })}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            autoFocus
          />
          <div className="btns right">
            <Button onPress={close}>
              <FormattedMessage id="action.cancel" />
            </Button>
            <Button type="submit" variant="danger" disabled={typed.trim() !== group.name} pending={remove.pending}>
              <FormattedMessage id="groups.delete.button" />
            </Button>
          </div>
        </form>
      </Dialog>
    </section>
  );
}
