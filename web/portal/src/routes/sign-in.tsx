import { createFileRoute, getRouteApi, redirect } from "@tanstack/react-router";
import * as v from "valibot";
import { SignInPage } from "../features/signin/SignInPage.tsx";
import { boot } from "../session.ts";

export const Route = createFileRoute("/sign-in")({
  validateSearch: v.object({ next: v.optional(v.string()) }),
  beforeLoad: () => {
    if (boot.session) throw redirect({ to: "/" });
  },
  component: Page,
});

const route = getRouteApi("/sign-in"); // not Route: its file would come along with the page

function Page() {
  const { next } = route.useSearch();
  return <SignInPage next={next ?? "/"} />;
}
