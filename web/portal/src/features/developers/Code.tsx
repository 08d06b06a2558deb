import type { ReactNode } from "react";
import style from "./developers.module.css";

/** A piece of program or data. Long lines are broken, so that nothing scrolls inside of the page. */
export function CodeBlock({ children }: { children: string }) {
  return <pre className={style["code"]}>{children}</pre>;
}

/** For <code> in messages. */
export const rich = { code: (chunks: ReactNode) => <code>{chunks}</code> };
