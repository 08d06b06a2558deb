import { Cover } from "@updspace/ui/Cover";
import { Flag } from "@updspace/ui/Flag";
import { PageHead } from "@updspace/ui/PageHead";
import type { ReactNode } from "react";
import { boot } from "../../session.ts";

interface DoorstepProps {
  title: string;
  lead?: ReactNode;
  /** The way in. */
  children?: ReactNode;
}

/** The head of the pages on the way in: under the cloth of the tenant, what is asked. */
export function Doorstep({ title, lead, children }: DoorstepProps) {
  const { tenant } = boot;
  if (!tenant)
    return (
      <PageHead title={title} sub={lead}>
        {children}
      </PageHead>
    );
  return (
    <Cover id={tenant.id} label={title} src={tenant.cover_url} colours="page" size="tall">
      <Flag id={tenant.id} of="tenant" src={tenant.logo_url} colours={tenant} size="l" onHoist />
      <h1 className="display" tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <p>{lead}</p>}
      {children !== undefined && <div className="btns">{children}</div>}
    </Cover>
  );
}
