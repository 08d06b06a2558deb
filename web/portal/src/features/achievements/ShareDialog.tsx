import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, ExternalLink } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError, errorText } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { languageName } from "@updspace/kit/texts.ts";
import { Button } from "@updspace/ui/Button";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Switch } from "@updspace/ui/Switch";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { badgeFile, badgeQuery, sharedKey, type Badge, type BadgeUpdate, type Held } from "./grantQueries.ts";
import { useTexts } from "./words.tsx";

const longestName = 128;

/** Takes an own award out of the platform: a page that is open to everybody, and files. */
export function ShareDialog({ held: { grant, achievement }, onClose }: { held: Held; onClose: () => void }) {
  const intl = useIntl();
  const name = useTexts()(achievement.name_i18n);
  const { data: badge, error } = useQuery(badgeQuery(grant.id));
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.share.title" }, { name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      {badge ? (
        <Settings badge={badge} languages={Object.keys(achievement.name_i18n)} />
      ) : error ? (
        <p className="state danger">{errorText(intl, error)}</p>
      ) : (
        <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
      )}
    </Dialog>
  );
}

function Settings({ badge, languages }: { badge: Badge; languages: readonly string[] }) {
  const intl = useIntl();
  const client = useQueryClient();
  const [name, setName] = useState(badge.name ?? "");
  const path = { grant_id: badge.grant_id };
  const change = useAction({
    run: (body: BadgeUpdate, headers) =>
      ok(gamification.PATCH("/api/v1/gamification/grants/{grant_id}/badge", { params: { path }, body, headers })),
    stale: [badgeQuery(badge.grant_id).queryKey, sharedKey],
    onDone: (now) => client.setQueryData(badgeQuery(badge.grant_id).queryKey, now),
  });
  const link = badge.shared_path === null ? undefined : location.origin + badge.shared_path;
  return (
    <div className="vstack">
      <ActionError error={change.error} />
      <div className="card">
        <Switch
          label={intl.formatMessage({ id: "achievements.share.link" })}
          help={intl.formatMessage({ id: "achievements.share.link.help" })}
          checked={link !== undefined}
          disabled={change.pending}
          onChange={(shared) => change.start({ shared })}
        />
      </div>
      {link !== undefined && (
        <>
          <CopyField
            label={intl.formatMessage({ id: "achievements.share.address" })}
            value={link}
            copy={intl.formatMessage({ id: "achievements.share.copy" })}
            copied={intl.formatMessage({ id: "achievements.share.copied" })}
          />
          <div className="btns">
            <a className="btn line" href={link} target="_blank" rel="noreferrer">
              <ExternalLink className="i s" aria-hidden="true" />
              <FormattedMessage id="achievements.share.open" />
            </a>
          </div>
        </>
      )}
      <form
        className="vstack s"
        onSubmit={(e) => {
          e.preventDefault();
          change.start({ name: name.trim() });
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "achievements.share.name" })}
          help={intl.formatMessage({ id: "achievements.share.name.help" })}
          value={name}
          onChange={setName}
          maxLength={longestName}
          autoComplete="off"
        />
        {name.trim() !== (badge.name ?? "") && (
          <div className="btns">
            <Button type="submit" pending={change.pending}>
              <FormattedMessage id="achievements.share.name.save" />
            </Button>
          </div>
        )}
      </form>
      {languages.length > 1 && (
        <Select
          label={intl.formatMessage({ id: "achievements.share.language" })}
          value={badge.language ?? ""}
          onChange={(language) => change.start({ language: language === "" ? null : language })}
          choices={[
            { id: "", name: intl.formatMessage({ id: "achievements.share.language.any" }) },
            ...languages.map((id) => ({ id, name: languageName(intl.locale, id) })),
          ]}
        />
      )}
      <div className="vstack s">
        <h3>
          <FormattedMessage id="achievements.share.files" />
        </h3>
        <p className="small muted">
          <FormattedMessage id="achievements.share.files.help" />
        </p>
        <div className="btns">
          <a className="btn line" href={badgeFile(badge.grant_id, "image")} download>
            <Download className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.share.image" />
          </a>
          <a className="btn line" href={badgeFile(badge.grant_id, "credential")} download>
            <Download className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.share.credential" />
          </a>
        </div>
      </div>
    </div>
  );
}
