// The pages of the account, which have a router of their own.
import type { QueryClient } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { routeTree } from "./routeTree.gen.ts";
import { Failed, Pending } from "./shell/states.tsx";
import { Missing } from "./shell/Missing.tsx";

function newRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingComponent: Pending,
    defaultNotFoundComponent: Missing,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
    notFoundMode: "root",
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}

/** The pages of the account, with the one of the address loaded. */
export async function accountPages(queries: QueryClient): Promise<ComponentType> {
  const router = newRouter(queries);
  await router.load();
  return () => <RouterProvider router={router} />;
}
