import { createFileRoute } from "@tanstack/react-router";
import { words } from "../words.ts";

// What all pages below it need.
export const Route = createFileRoute("/manage")({ codeSplitGroupings: [], loader: () => words.need("manage", "rights", "codes") });
