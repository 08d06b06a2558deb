import { Plus } from "lucide-react";
import { Button } from "@updspace/ui/Button";
import { PageHead } from "@updspace/ui/PageHead";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import style from "./manage.module.css";
import { RoleForm, type NewRole } from "./RoleForm.tsx";
import { RoleTiles } from "./RoleTiles.tsx";

/** All roles: by service, with what they allow in short. */
export function RolesPage() {
  const intl = useIntl();
  const session = useSession();
  const [make, setMake] = useState<NewRole>();
  return (
    <div className={style["narrow"]}>
      <PageHead
        title={intl.formatMessage({ id: "manage.roles" })}
        sub={intl.formatMessage({ id: "manage.roles.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      >
        {may(session, "portal.roles.write") && (
          <Button variant="primary" onPress={() => setMake({ name: "" })}>
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="manage.role.new" />
          </Button>
        )}
      </PageHead>
      <RoleTiles />
      <RoleForm make={make} title={intl.formatMessage({ id: "manage.role.new" })} onClose={() => setMake(undefined)} />
    </div>
  );
}
