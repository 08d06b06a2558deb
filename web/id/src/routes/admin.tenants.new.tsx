import { createFileRoute } from "@tanstack/react-router";
import { NewTenant } from "../features/admin/tenants/NewTenant.tsx";

export const Route = createFileRoute("/admin/tenants/new")({ component: NewTenant });
