import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Skeleton } from "@updspace/ui/Skeleton";
import { SearchField } from "@updspace/ui/SearchField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Description } from "./Description.tsx";
import style from "./developers.module.css";
import { OperationView } from "./OperationView.tsx";
import { specQuery } from "./queries.ts";
import type { Service } from "./parts.ts";
import { byTag } from "./spec.ts";

/** All operations of a service that people and programs outside can call. */
export function SpecView({ service }: { service: Service }) {
  const intl = useIntl();
  const { data: spec, error } = useQuery(specQuery(service));
  const [q, setQ] = useState("");
  if (error) return <ErrorPage error={error} />;
  if (!spec) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  const wanted = q.trim().toLowerCase();
  const found = spec.operations.filter((o) => `${o.method} ${o.path} ${o.id} ${o.summary}`.toLowerCase().includes(wanted));
  return (
    <div className="vstack">
      <div className={style["find"]}>
        <SearchField label={intl.formatMessage({ id: "developers.find" })} value={q} onChange={setQ} />
        <LinkButton href={`/api/v1/${service}/openapi.yaml`} external>
          <Download className="i s" aria-hidden="true" />
          <FormattedMessage id="developers.document" />
        </LinkButton>
      </div>
      <Description of={spec.description} />
      {found.length === 0 && (
        <p className="muted">
          <FormattedMessage id="developers.none" />
        </p>
      )}
      {byTag(found).map(([tag, operations]) => (
        <section key={tag} className="card" aria-label={tag}>
          <div className="card-head">
            <h2 lang="en">{tag}</h2>
            <span className="small muted">{operations.length}</span>
          </div>
          <div className="rows">
            {operations.map((o) => (
              <OperationView key={o.id} spec={spec} operation={o} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
