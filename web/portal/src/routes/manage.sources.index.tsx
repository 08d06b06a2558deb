import { createFileRoute } from "@tanstack/react-router";
import { SourcesPage } from "../features/manage/SourcesPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/sources/")({ beforeLoad: requireSession, component: SourcesPage });
