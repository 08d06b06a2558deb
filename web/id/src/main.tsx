import "@updspace/ui/styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, type ComponentType } from "react";
import { createRoot } from "react-dom/client";
import { onCaughtError } from "@updspace/kit/answer.ts";
import { newQueryClient } from "@updspace/kit/queries.ts";
import { Words } from "@updspace/kit/words.tsx";
import { usePreferences } from "./session.ts";
import { boot } from "./boot.ts";
import { pageOf } from "./pages.ts";
import { words } from "./words.ts";

const queries = newQueryClient();

// A tab older than the release asks for files that are gone: load the page again, once.
addEventListener("vite:preloadError", () => {
  if (sessionStorage.getItem("reloaded") === boot.version) return;
  sessionStorage.setItem("reloaded", boot.version);
  location.reload();
});

function App({ page: Page }: { page: ComponentType }) {
  const zone = usePreferences()?.timezone;
  return (
    <Words words={words} timeZone={zone}>
      <Page />
    </Words>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
const [page] = await Promise.all([pageOf(location.pathname, queries), words.choose(boot.lang)]);
createRoot(root, { onCaughtError }).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App page={page} />
    </QueryClientProvider>
  </StrictMode>,
);
// Without a connection the font of the system stays.
requestIdleCallback(() => void import("@updspace/ui/fonts.css").catch(() => undefined));
