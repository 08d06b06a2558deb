import { createFileRoute } from "@tanstack/react-router";
import { NewClient } from "../features/admin/clients/NewClient.tsx";

export const Route = createFileRoute("/admin/clients/new")({ component: NewClient });
