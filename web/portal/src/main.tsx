import "@updspace/ui/styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onCaughtError } from "@updspace/kit/answer.ts";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { newQueryClient } from "@updspace/kit/queries.ts";
import { keepTheme } from "@updspace/kit/theme.tsx";
import { Words } from "@updspace/kit/words.tsx";
import { keepChoice } from "./preferences.ts";
import { Missing, Pending } from "./shell/states.tsx";
import { routeTree } from "./routeTree.gen.ts";
import { boot, sessionQuery } from "./session.ts";
import { words } from "./words.ts";

const queries = newQueryClient();

const router = createRouter({
  routeTree,
  context: { queries },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingComponent: Pending,
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: ({ error, reset }) => <ErrorPage page error={error} retry={reset} />,
  scrollRestoration: true,
});

// Rights that were given or taken meanwhile are felt at the next click.
router.subscribe("onBeforeNavigate", ({ fromLocation, pathChanged }) => {
  if (boot.session && fromLocation && pathChanged) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

// A tab older than the release asks for files that are gone: load the page again, once. Without a connection nothing is gone.
addEventListener("vite:preloadError", () => {
  if (!navigator.onLine || sessionStorage.getItem("reloaded") === boot.version) return;
  sessionStorage.setItem("reloaded", boot.version);
  location.reload();
});

keepTheme((theme) => keepChoice({ theme }));

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
// A page whose data is slow begins with its frame instead of nothing.
const longest = new Promise((go) => setTimeout(go, 1000));
await Promise.all([words.choose(boot.lang), Promise.race([router.load(), longest])]);
createRoot(root, { onCaughtError }).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Words words={words} onChoose={(language) => keepChoice({ language })}>
        <RouterProvider router={router} />
      </Words>
    </QueryClientProvider>
  </StrictMode>,
);
// Without a connection the font of the system stays.
requestIdleCallback(() => void import("@updspace/ui/fonts.css").catch(() => undefined));
