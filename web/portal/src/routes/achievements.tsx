import { createFileRoute } from "@tanstack/react-router";
import { words } from "../words.ts";

// What all pages below it need.
export const Route = createFileRoute("/achievements")({ codeSplitGroupings: [], loader: () => words.need("achievements", "codes") });
