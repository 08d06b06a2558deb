import { useQuery } from "@tanstack/react-query";
import { usePages } from "@updspace/kit/pages.tsx";
import { Download, Globe, Share2 } from "lucide-react";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { allBadges, heldQuery, sharedPages, type Held } from "./grantQueries.ts";
import type { Achievement } from "./queries.ts";
import { useTexts } from "./words.tsx";

const SharedDialog = lazy(async () => ({ default: (await import("./SharedDialog.tsx")).SharedDialog }));
const ShareDialog = lazy(async () => ({ default: (await import("./ShareDialog.tsx")).ShareDialog }));

/** Shows an own award outside of the platform. `small` is an icon beside a patch. */
export function ShareButton({ held, small = false }: { held: Held; small?: boolean }) {
  const intl = useIntl();
  const name = useTexts()(held.achievement.name_i18n);
  const [open, setOpen] = useState(false);
  return (
    <>
      {small ? (
        <IconButton label={intl.formatMessage({ id: "achievements.share.of" }, { name })} onPress={() => setOpen(true)}>
          <Share2 className="i s" aria-hidden="true" />
        </IconButton>
      ) : (
        <Button onPress={() => setOpen(true)}>
          <Share2 className="i s" aria-hidden="true" />
          <FormattedMessage id="achievements.share" />
        </Button>
      )}
      {open && (
        <Suspense>
          <ShareDialog held={held} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** For the reader who has the achievement. */
export function ShareOwn({ achievement }: { achievement: Achievement }) {
  const { data } = useQuery(heldQuery());
  const held = data?.items.find((h) => h.achievement.id === achievement.id);
  return held ? <ShareButton held={held} /> : null;
}

/** For the reader whose badges have pages for everybody, those of awards that have ended too. */
export function OwnPages() {
  const [open, setOpen] = useState(false);
  const { items } = usePages(sharedPages);
  if (items.length === 0 && !open) return null;
  return (
    <>
      <Button variant="quiet" size="s" onPress={() => setOpen(true)}>
        <Globe className="i s" aria-hidden="true" />
        <FormattedMessage id="achievements.pages" />
      </Button>
      {open && (
        <Suspense>
          <SharedDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Saves everything that the reader has, as signed badges, in one file. */
export function ExportAll() {
  const intl = useIntl();
  const save = useAction({
    run: async () => {
      const badges = await allBadges();
      const file = new Blob([JSON.stringify(badges, null, 2)], { type: "application/json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = "open-badges.json";
      link.click();
      URL.revokeObjectURL(link.href);
      return badges.length;
    },
    stale: [],
    done: (n) => intl.formatMessage({ id: "achievements.export.done" }, { n }),
  });
  return (
    <>
      <Button variant="quiet" size="s" pending={save.pending} onPress={() => save.start()}>
        <Download className="i s" aria-hidden="true" />
        <FormattedMessage id="achievements.export" />
      </Button>
      <ActionError error={save.error} />
    </>
  );
}
