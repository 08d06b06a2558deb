import { defineConfig } from "vite";
import { frontend } from "../vite.ts";

export default defineConfig(frontend("id", "http://127.0.0.1:8001"));
