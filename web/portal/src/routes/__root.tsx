import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet, useMatches, useRouter } from "@tanstack/react-router";
import { RouterProvider } from "@updspace/ui/Router";
import { Toasts } from "@updspace/ui/Toast";
import { useIntl } from "react-intl";
import { BareShell } from "../shell/BareShell.tsx";
import { GuestShell } from "../shell/GuestShell.tsx";
import { Shell } from "../shell/Shell.tsx";
import { useNavigationFocus } from "@updspace/kit/navigation.ts";
import { boot } from "../session.ts";

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Root });

function Root() {
  const intl = useIntl();
  const router = useRouter();
  const bare = useMatches({ select: (matches) => matches.some((m) => m.staticData.bare) });
  const Frame = bare ? BareShell : boot.session ? Shell : GuestShell;
  useNavigationFocus();
  return (
    <RouterProvider navigate={(href) => void router.navigate({ href })}>
      <Frame>
        <Outlet />
      </Frame>
      <Toasts label={intl.formatMessage({ id: "toast.region" })} closeLabel={intl.formatMessage({ id: "action.close" })} />
    </RouterProvider>
  );
}
