import { createFileRoute } from "@tanstack/react-router";
import { ManagePage } from "../features/manage/ManagePage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/")({ beforeLoad: requireSession, component: ManagePage });
