import { useQuery } from "@tanstack/react-query";
import { Cover } from "@updspace/ui/Cover";
import { Helm } from "@updspace/ui/Helm";
import { boot } from "../../session.ts";
import { memberFacesQuery, shown } from "./queries.ts";

/** The tenant's own cloth: the only loud thing of the frame. */
export function HomeCover() {
  const faces = useQuery(memberFacesQuery);
  const { tenant } = boot;
  if (!tenant) return null;
  return (
    <Cover id={tenant.id} label={tenant.name} src={tenant.cover_url} colours="page" size="slim">
      <h1 className="display" dir="auto">
        {tenant.name}
      </h1>
      <div className="line nowrap small">
        <span className="stack" aria-hidden="true">
          {faces.data
            ? faces.data.items.map((p) => <Helm key={p.user_id} id={p.user_id} src={p.avatar_url} size="s" />)
            : Array.from({ length: shown }, (_, i) => <span key={i} className="helm s" />)}
        </span>
        <p className="two-lines" dir="auto">
          {tenant.description}
        </p>
      </div>
    </Cover>
  );
}
