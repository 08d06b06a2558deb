import { createFileRoute } from "@tanstack/react-router";
import { BadgeKeysPage } from "../features/manage/BadgeKeysPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/badge-keys")({ beforeLoad: requireSession, component: BadgeKeysPage });
