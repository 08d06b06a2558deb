import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { useNavigationFocus } from "@updspace/kit/navigation.ts";

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Root });

function Root() {
  useNavigationFocus();
  return <Outlet />;
}
