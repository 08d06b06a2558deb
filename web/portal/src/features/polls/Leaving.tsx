import { CloudCheck } from "lucide-react";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";

/** Saves a draft whenever a field of it is left, so that nothing has to be thought of. */
export function Leaving({ onLeave, children }: { onLeave: () => void; children: ReactNode }) {
  return <div onBlur={onLeave}>{children}</div>;
}

/** Says that everything is stored. */
export function Stored({ shown }: { shown: boolean }) {
  return (
    <span className="state quiet" role="status">
      {shown && (
        <>
          <CloudCheck className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.saved" />
        </>
      )}
    </span>
  );
}
