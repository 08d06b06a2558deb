import { ChevronsUpDown } from "lucide-react";
import type { Session } from "@updspace/kit/boot.ts";
import { Flag } from "@updspace/ui/Flag";
import { Menu, MenuButton, MenuItem } from "@updspace/ui/Menu";
import { useIntl } from "react-intl";
import { boot, signInAddress } from "../session.ts";

/** Another tenant, through its sign-in, which asks nothing of people who are signed in here. Its host is this one's with another first label. */
function addressOf(slug: string): string {
  return `${location.protocol}//${[slug, ...location.host.split(".").slice(1)].join(".")}${signInAddress("/")}`;
}

/** The tenant one is in, and the way to one's other tenants. */
export function TenantMenu({ session }: { session: Session }) {
  const intl = useIntl();
  const memberships = session.id_profile?.memberships ?? [];
  const name = boot.tenant?.name ?? session.tenant.slug;
  return (
    <Menu
      label={intl.formatMessage({ id: "shell.tenants" })}
      placement="bottom start"
      trigger={
        <MenuButton className="tenant" label={intl.formatMessage({ id: "shell.tenant" }, { name })}>
          <Flag id={session.tenant.id} of="tenant" src={boot.tenant?.logo_url} colours={boot.tenant ?? undefined} />
          <span dir="auto">{name}</span>
          <ChevronsUpDown className="i s" aria-hidden="true" />
        </MenuButton>
      }
    >
      {memberships.map((m) => {
        const title = m.tenant_name ?? m.tenant_slug;
        return (
          <MenuItem key={m.tenant_id} text={title} {...(m.tenant_id !== session.tenant.id && { href: addressOf(m.tenant_slug) })}>
            <Flag
              id={m.tenant_id}
              of="tenant"
              size="s"
              colours={{ ...(m.hue !== undefined && { hue: m.hue }), ...(m.chroma !== undefined && { chroma: m.chroma }) }}
            />
            <span dir="auto">{title}</span>
          </MenuItem>
        );
      })}
    </Menu>
  );
}
