import { createFileRoute } from "@tanstack/react-router";
import { ApplicationFormPage } from "../features/manage/ApplicationFormPage.tsx";
import { applicationFormQuery } from "../features/manage/applications.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/application-form")({
  beforeLoad: requireSession,
  loader: ({ context: { queries } }) => queries.ensureQueryData(applicationFormQuery),
  component: ApplicationFormPage,
});
