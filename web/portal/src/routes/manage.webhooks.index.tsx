import { createFileRoute } from "@tanstack/react-router";
import { WebhooksPage } from "../features/manage/WebhooksPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/webhooks/")({ beforeLoad: requireSession, component: WebhooksPage });
