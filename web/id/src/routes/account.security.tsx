import { createFileRoute } from "@tanstack/react-router";
import { Security } from "../features/security/Security.tsx";

export const Route = createFileRoute("/account/security")({ component: Security });
