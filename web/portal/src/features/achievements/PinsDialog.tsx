import { ArrowDown, ArrowUp, Pin, PinOff } from "lucide-react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Patch } from "@updspace/ui/Patch";
import { useState, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Held } from "./grantQueries.ts";
import { achievementKeys } from "./parts.ts";
import { useTexts } from "./words.tsx";

const most = 6;

interface PinsDialogProps {
  /** What is pinned, in its order. */
  pinned: readonly Held[];
  /** What the person has. */
  held: readonly Held[];
  onClose: () => void;
}

/** Chooses what one's showcase begins with. Private grants cannot be pinned: others do not see them. */
export function PinsDialog({ pinned, held, onClose }: PinsDialogProps) {
  const intl = useIntl();
  const texts = useTexts();
  const [chosen, setChosen] = useState(() => [...pinned]);
  const others = held.filter((h) => h.grant.visibility === "public" && chosen.every((c) => c.achievement.id !== h.achievement.id));
  const save = useAction({
    run: (_: void, headers) =>
      ok(gamification.PUT("/api/v1/gamification/me/pins", { body: { grant_ids: chosen.map((h) => h.grant.id) }, headers })),
    stale: achievementKeys,
    done: intl.formatMessage({ id: "achievements.pins.done" }),
    onDone: onClose,
  });
  const swap = (i: number, j: number) => setChosen(chosen.map((h, at) => (at === i ? (chosen[j] ?? h) : at === j ? (chosen[i] ?? h) : h)));
  const named = (id: `achievements.pins.${"up" | "down" | "pin" | "unpin"}`, h: Held) =>
    intl.formatMessage({ id }, { name: texts(h.achievement.name_i18n) });
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.pins" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <ActionError error={save.error} />
        <p className="muted">
          <FormattedMessage id="achievements.pins.help" values={{ most }} />
        </p>
        {chosen.length > 0 && (
          <ol className="card rows" aria-label={intl.formatMessage({ id: "achievements.pins.pinned" })}>
            {chosen.map((h, i) => (
              <Row key={h.grant.id} held={h}>
                <IconButton label={named("achievements.pins.up", h)} disabled={i === 0} onPress={() => swap(i, i - 1)}>
                  <ArrowUp className="i s" aria-hidden="true" />
                </IconButton>
                <IconButton label={named("achievements.pins.down", h)} disabled={i === chosen.length - 1} onPress={() => swap(i, i + 1)}>
                  <ArrowDown className="i s" aria-hidden="true" />
                </IconButton>
                <IconButton label={named("achievements.pins.unpin", h)} onPress={() => setChosen(chosen.filter((c) => c !== h))}>
                  <PinOff className="i s" aria-hidden="true" />
                </IconButton>
              </Row>
            ))}
          </ol>
        )}
        {others.length > 0 && chosen.length < most && (
          <ul className="card rows" aria-label={intl.formatMessage({ id: "achievements.pins.others" })}>
            {others.map((h) => (
              <Row key={h.grant.id} held={h}>
                <IconButton label={named("achievements.pins.pin", h)} onPress={() => setChosen([...chosen, h])}>
                  <Pin className="i s" aria-hidden="true" />
                </IconButton>
              </Row>
            ))}
          </ul>
        )}
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button variant="primary" pending={save.pending} onPress={() => save.start()}>
            <FormattedMessage id="action.save" />
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Row({ held: { achievement: a }, children }: { held: Held; children: ReactNode }) {
  const texts = useTexts();
  return (
    <li className="row">
      <Patch id={a.id} tier={a.tier} size="s" src={pictureOf(a.images, "small")} />
      <bdi className="grow strong">{texts(a.name_i18n)}</bdi>
      {children}
    </li>
  );
}
