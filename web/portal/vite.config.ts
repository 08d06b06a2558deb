import { defineConfig } from "vite";
import { frontend } from "../vite.ts";

export default defineConfig(frontend("portal", "http://127.0.0.1:8080"));
