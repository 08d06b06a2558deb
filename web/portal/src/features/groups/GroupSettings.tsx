import { ok, portal } from "@updspace/kit/api.ts";
import { atField } from "@updspace/kit/forms.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { FormattedMessage, useIntl } from "react-intl";
import type { Rights } from "../../rights.ts";
import { GroupForm, type GroupDraft } from "./GroupForm.tsx";
import { groupStale } from "./queries.ts";
import { ArchiveCard, DeleteCard } from "./Ending.tsx";
import { TransferCard } from "./TransferCard.tsx";

/** What a group is called and how one gets in; handing it over, archive, deletion. */
export function GroupSettings({ group, rights }: { group: Group; rights: Rights }) {
  const intl = useIntl();
  const active = group.status === "active";
  const save = useAction({
    run: (draft: GroupDraft, headers) =>
      atField(
        ok(portal.PATCH("/api/v1/portal/groups/{group_id}", { params: { path: { group_id: group.id } }, body: draft, headers })),
        "ALREADY_EXISTS",
        "name",
        intl.formatMessage({ id: "groups.name.taken" }),
      ),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.saved" }),
  });
  return (
    <>
      {active && rights.edit && (
        <section className="card pad-l vstack" aria-labelledby="settings">
          <h2 id="settings">
            <FormattedMessage id="groups.settings" />
          </h2>
          <GroupForm
            kind={group.kind}
            id={group.id}
            value={{ name: group.name, description: group.description, join_policy: group.join_policy, hue: group.hue }}
            action={save}
            save={intl.formatMessage({ id: "action.save" })}
            onSave={save.start}
          />
        </section>
      )}
      {active && rights.own && <TransferCard group={group} />}
      {rights.edit && <ArchiveCard group={group} />}
      {rights.own && <DeleteCard group={group} />}
    </>
  );
}
