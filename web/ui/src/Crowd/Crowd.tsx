import { helmOf } from "../art/designs.ts";
import { HelmParts } from "../Helm/Helm.tsx";

const most = 9;

/** Members standing under the flag, at most nine. Only those who agreed to be seen; the number of all stands in words beside it. */
export function Crowd({ ids }: { ids: readonly string[] }) {
  return (
    <div className="crowd" aria-hidden="true">
      {ids.slice(0, most).map((id) => (
        <svg key={id} viewBox="0 0 64 84">
          <HelmParts design={helmOf(id)} bust />
        </svg>
      ))}
    </div>
  );
}
