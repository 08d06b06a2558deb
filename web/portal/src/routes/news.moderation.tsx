import { createFileRoute } from "@tanstack/react-router";
import { ModerationPage } from "../features/news/ModerationPage.tsx";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/news/moderation")({
  beforeLoad: requireSession,
  loader: () => words.need("news"),
  component: ModerationPage,
});
