import { PageHead } from "@updspace/ui/PageHead";
import { Tabs } from "@updspace/ui/Tabs";
import { FormattedMessage, useIntl } from "react-intl";
import { Clients } from "./Clients.tsx";
import { Codes } from "./Codes.tsx";
import style from "./developers.module.css";
import { Events } from "./Events.tsx";
import { parts, services, type Part, type Service } from "./parts.ts";
import { SpecView } from "./SpecView.tsx";

function isService(part: Part): part is Service {
  return services.some((s) => s === part);
}

/** The API of the platform: every operation, error code and event, and how to call it. */
export function DevelopersPage({ part }: { part: Part }) {
  const intl = useIntl();
  return (
    <div className={style["page"]}>
      <PageHead title={intl.formatMessage({ id: "developers" })} sub={<FormattedMessage id="developers.sub" />} />
      <Tabs
        label={intl.formatMessage({ id: "developers" })}
        tabs={parts.map((p) => ({
          href: p === "clients" ? "/developers" : `/developers?part=${p}`,
          name: intl.formatMessage({ id: `developers.${p}` }),
          current: p === part,
        }))}
      />
      {isService(part) && <SpecView service={part} />}
      {part === "clients" && <Clients />}
      {part === "codes" && <Codes />}
      {part === "events" && <Events />}
    </div>
  );
}
