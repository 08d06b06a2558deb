import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import css from "./events.module.css";
import { myAnswers, type EventsSearch } from "./search.ts";

/** Chooses what the calendar shows. */
export function FilterDialog({ search, onClose }: { search: EventsSearch; onClose: () => void }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const groups = useQuery(myGroupsQuery).data ?? [];
  const [next, setNext] = useState(search);
  const change = (part: EventsSearch) => setNext({ ...next, ...part });
  const written = (text: string) => (text === "" ? undefined : text);
  const place = next.space ? "space" : (next.community ?? next.team ?? "any");
  const places = [
    { id: "any", name: intl.formatMessage({ id: "calendar.filter.anywhere" }) },
    { id: "space", name: boot.tenant?.name ?? "" },
    ...groups.map(({ id, name }) => ({ id, name })),
  ];
  const choosePlace = (id: string) => {
    const kind = groups.find((g) => g.id === id)?.kind;
    change({
      space: id === "space" ? true : undefined,
      community: kind === "COMMUNITY" ? id : undefined,
      team: kind === "TEAM" ? id : undefined,
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "calendar.filters" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="vstack"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void navigate({
            to: "/events",
            search: { ...next, tag: written(next.tag?.trim() ?? ""), game: written(next.game?.trim() ?? "") },
          });
          onClose();
        }}
      >
        <Select
          label={intl.formatMessage({ id: "calendar.answer" })}
          value={next.answer ?? "any"}
          choices={(["any", ...myAnswers] as const).map((id) => ({ id, name: intl.formatMessage({ id: `calendar.filter.answer.${id}` }) }))}
          onChange={(id) => change({ answer: id === "any" ? undefined : id })}
        />
        <Select label={intl.formatMessage({ id: "calendar.field.place" })} value={place} choices={places} onChange={choosePlace} />
        <div className={css["pair"]}>
          <TextField
            label={intl.formatMessage({ id: "calendar.filter.tag.one" })}
            value={next.tag ?? ""}
            onChange={(tag) => change({ tag: written(tag) })}
            maxLength={32}
          />
          <TextField
            label={intl.formatMessage({ id: "calendar.field.game" })}
            value={next.game ?? ""}
            onChange={(game) => change({ game: written(game) })}
            maxLength={128}
          />
        </div>
        {search.view === undefined && (
          <div className={css["pair"]}>
            <TextField
              type="date"
              label={intl.formatMessage({ id: "calendar.filter.from" })}
              value={next.from ?? ""}
              onChange={(day) => change({ from: written(day) })}
            />
            <TextField
              type="date"
              label={intl.formatMessage({ id: "calendar.filter.to" })}
              value={next.to ?? ""}
              onChange={(day) => change({ to: written(day) })}
            />
          </div>
        )}
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary">
            <FormattedMessage id="calendar.filters.show" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
