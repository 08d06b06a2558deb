import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

/** After a navigation the focus goes to the h1 of the new page, so that a screen reader says where one is; the title follows it. */
export function useNavigationFocus(): void {
  const router = useRouter();
  useEffect(() => {
    const title = document.title;
    return router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
      const heading = document.querySelector("h1");
      const name = heading?.textContent;
      document.title = name ? `${name} · ${title}` : title;
      if (!fromLocation || !pathChanged || !heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    });
  }, [router]);
}
