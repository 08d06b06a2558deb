import { useQuery } from "@tanstack/react-query";
import { ImagePlus } from "lucide-react";
import { useDraft } from "@updspace/kit/drafts.ts";
import { groupQuery } from "@updspace/kit/groups.tsx";
import { usePerson } from "@updspace/kit/people.tsx";
import { Button } from "@updspace/ui/Button";
import { Helm } from "@updspace/ui/Helm";
import { Skeleton } from "@updspace/ui/Skeleton";
import { lazy, startTransition, Suspense, useState } from "react";
import { useIntl } from "react-intl";
import { boot, useSession } from "../../session.ts";
import type { Place } from "./places.ts";
import type { PostText } from "./PostFields.tsx";

const load = () => import("./ComposerForm.tsx");
const Form = lazy(async () => ({ default: (await load()).ComposerForm }));
const prepare = () => void load().catch(() => undefined);

interface ComposerProps {
  /** Where posts go unless the author says otherwise; also which draft this is. */
  place?: Place;
  /** Opened at once, as from the menu "Create". */
  open?: boolean;
  onClose?: () => void;
}

/** Writes posts. Closed it is one line; what was written is kept until it is published. */
export function Composer({ place = "public", open = false, onClose }: ComposerProps) {
  const intl = useIntl();
  const session = useSession();
  const me = usePerson(session.user.id);
  const empty: PostText = { title: "", body: "", place, attachments: [] };
  const [draft, setDraft, clearDraft] = useDraft<PostText>(`${session.user.id}:post:${place}`, empty);
  const written = draft.title !== "" || draft.body !== "" || draft.attachments.length > 0;
  const [writing, setWriting] = useState(written);
  const write = () => startTransition(() => setWriting(true)); // the line stays until the form is there
  const close = () => {
    setWriting(false);
    onClose?.();
  };
  const tenant = boot.tenant?.name ?? session.tenant.slug;
  return (
    <Suspense fallback={<Skeleton rows={1} label={intl.formatMessage({ id: "loading" })} />}>
      {open || writing ? (
        <Form
          draft={draft}
          onChange={setDraft}
          written={written}
          onPublished={() => {
            clearDraft();
            close();
          }}
          onClose={close}
        />
      ) : (
        <div className={"card write-line"} onPointerEnter={prepare} onFocus={prepare}>
          <Helm id={session.user.id} src={me?.avatar_url} />
          <button type="button" className="ask" onClick={write}>
            <Ask place={place} tenant={tenant} />
          </button>
          <span className="no-phone">
            <Button variant="quiet" onPress={write}>
              <ImagePlus className="i" aria-hidden="true" />
              <span className="vh">{intl.formatMessage({ id: "posts.attach" })}</span>
            </Button>
          </span>
        </div>
      )}
    </Suspense>
  );
}

function Ask({ place, tenant }: { place: Place; tenant: string }) {
  const intl = useIntl();
  const id = place.includes(":") ? place.slice(place.indexOf(":") + 1) : "";
  const { data } = useQuery({ ...groupQuery(id), enabled: id !== "" });
  return intl.formatMessage({ id: "posts.ask" }, { place: data?.name ?? tenant });
}
