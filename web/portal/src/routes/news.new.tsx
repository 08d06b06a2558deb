import { createFileRoute } from "@tanstack/react-router";
import { MinePage } from "../features/news/MinePage.tsx";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/news/new")({ beforeLoad: requireSession, loader: () => words.need("news"), component: MinePage });
