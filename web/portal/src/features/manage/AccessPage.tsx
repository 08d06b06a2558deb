import { PageHead } from "@updspace/ui/PageHead";
import { Tabs } from "@updspace/ui/Tabs";
import { useIntl } from "react-intl";
import { DecisionView } from "./DecisionView.tsx";
import { Ending } from "./Ending.tsx";
import style from "./manage.module.css";
import { Overrides } from "./Overrides.tsx";
import { accessTabs, type AccessTab } from "./parts.ts";

interface AccessPageProps {
  tab: AccessTab;
  /** The person whose decision is asked for. */
  user: string | undefined;
  permission: string | undefined;
}

export function AccessPage({ tab, user, permission }: AccessPageProps) {
  const intl = useIntl();
  return (
    <div className={style["narrow"]}>
      <PageHead
        title={intl.formatMessage({ id: "manage.access" })}
        sub={intl.formatMessage({ id: "manage.access.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <Tabs
        label={intl.formatMessage({ id: "manage.access" })}
        tabs={accessTabs.map((t) => ({
          href: t === "decision" ? "/manage/access" : `/manage/access?tab=${t}`,
          name: intl.formatMessage({ id: `manage.access.${t}` }),
          current: t === tab,
        }))}
      />
      {tab === "decision" && <DecisionView user={user} permission={permission} />}
      {tab === "exceptions" && <Overrides />}
      {tab === "ending" && <Ending />}
    </div>
  );
}
