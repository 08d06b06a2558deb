import { usePerson } from "@updspace/kit/people.tsx";
import { Helm } from "@updspace/ui/Helm";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Button } from "@updspace/ui/Button";
import { lazy, startTransition, Suspense, useState } from "react";
import { useIntl } from "react-intl";
import { boot, may, useSession } from "../../session.ts";

const load = () => import("./Editor.tsx");
const Editor = lazy(async () => ({ default: (await load()).Editor }));
const prepare = () => void load().catch(() => undefined);

/** Writes news where they are read. Closed it is one line; what was written is kept until it is published. Nothing for those who may not write. */
export function NewsComposer() {
  const intl = useIntl();
  const session = useSession();
  const me = usePerson(session.user.id);
  const [writing, setWriting] = useState(false);
  if (!may(session, "activity.news.create")) return null;
  const tenant = boot.tenant?.name ?? session.tenant.slug;
  return (
    <Suspense fallback={<Skeleton rows={1} label={intl.formatMessage({ id: "loading" })} />}>
      {writing ? (
        <Editor onDone={() => setWriting(false)}>
          <Button variant="quiet" onPress={() => setWriting(false)}>
            {intl.formatMessage({ id: "action.cancel" })}
          </Button>
        </Editor>
      ) : (
        <div className="card write-line" onPointerEnter={prepare} onFocus={prepare}>
          <Helm id={session.user.id} src={me?.avatar_url} />
          <button type="button" className="ask" onClick={() => startTransition(() => setWriting(true))}>
            {intl.formatMessage({ id: "news.ask" }, { tenant })}
          </button>
        </div>
      )}
    </Suspense>
  );
}
