import { createFileRoute } from "@tanstack/react-router";
import { emailQuery } from "../features/email/queries.ts";
import { Profile } from "../features/profile/Profile.tsx";

export const Route = createFileRoute("/account/")({
  loader: ({ context }) => context.queries.ensureQueryData(emailQuery),
  component: Profile,
});
