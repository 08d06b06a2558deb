import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { inWords } from "@updspace/kit/texts.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { TextLink } from "@updspace/ui/TextLink";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { pointsKey, seasonsQuery, type Season } from "./queries.ts";

const SeasonDialog = lazy(async () => ({ default: (await import("./SeasonDialog.tsx")).SeasonDialog }));

/** All seasons: what is over can be renamed, the others can be moved and deleted. */
export function SeasonList() {
  const { data: seasons = [] } = useQuery(seasonsQuery);
  const intl = useIntl();
  const [edited, setEdited] = useState<Season | "new">();
  const [deleted, setDeleted] = useState<Season>();
  return (
    <section className="card" aria-labelledby="seasons">
      <div className="card-head">
        <h2 id="seasons">
          <FormattedMessage id="points.seasons" />
        </h2>
        <Button onPress={() => setEdited("new")}>
          <Plus className="i s" aria-hidden="true" />
          <FormattedMessage id="points.seasons.new" />
        </Button>
      </div>
      {seasons.length === 0 ? (
        <EmptyState shape="patch" title={intl.formatMessage({ id: "points.seasons.none" })}>
          <FormattedMessage id="points.seasons.none.text" />
        </EmptyState>
      ) : (
        <ul className="rows">
          {seasons.map((s) => (
            <Row key={s.id} season={s} onEdit={() => setEdited(s)} onDelete={() => setDeleted(s)} />
          ))}
        </ul>
      )}
      {edited !== undefined && (
        <Suspense>
          <SeasonDialog {...(edited !== "new" && { season: edited })} onClose={() => setEdited(undefined)} />
        </Suspense>
      )}
      {deleted && <DeleteSeason season={deleted} onClose={() => setDeleted(undefined)} />}
    </section>
  );
}

function Row({ season: s, onEdit, onDelete }: { season: Season; onEdit: () => void; onDelete: () => void }) {
  const intl = useIntl();
  const name = inWords(s.name_i18n, intl.locale);
  return (
    <li className="row">
      <div className="grow">
        <TextLink href={`/achievements/leaderboard?season=${s.id}`} className="name">
          <bdi>{name}</bdi>
        </TextLink>
        <div className="small muted line dots">
          <span>
            <FormattedMessage id={`points.seasons.${s.state}`} />
          </span>
          <span>
            <Time at={s.starts_at} /> – <Time at={s.ends_at} />
          </span>
        </div>
      </div>
      <IconButton label={intl.formatMessage({ id: "points.seasons.edit" }, { name })} onPress={onEdit}>
        <Pencil className="i" aria-hidden="true" />
      </IconButton>
      {s.state !== "over" && (
        <IconButton label={intl.formatMessage({ id: "points.seasons.delete" }, { name })} onPress={onDelete}>
          <Trash2 className="i" aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}

function DeleteSeason({ season: s, onClose }: { season: Season; onClose: () => void }) {
  const intl = useIntl();
  const name = inWords(s.name_i18n, intl.locale);
  const remove = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.DELETE("/api/v1/gamification/seasons/{season_id}", {
          params: { path: { season_id: s.id }, header: { "If-Match": `"${s.version}"` } },
          headers,
        }),
      ),
    stale: [[pointsKey]],
    done: intl.formatMessage({ id: "points.seasons.deleted" }, { name }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "points.seasons.delete.title" }, { name })}
      action={intl.formatMessage({ id: "points.seasons.delete.do" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger
      pending={remove.pending}
      onConfirm={() => remove.start()}
    >
      <p>
        <FormattedMessage id="points.seasons.delete.text" />
      </p>
      <ActionError error={remove.error} />
    </Confirm>
  );
}
