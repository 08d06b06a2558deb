import { lazy, Suspense, useSyncExternalStore } from "react";
import type { ToastRegionProps } from "./ToastRegion.tsx";

// What shows toasts is no part of a first load: it comes with the first toast.
const load = () => import("./ToastRegion.tsx");
const Region = lazy(async () => ({ default: (await load()).ToastRegion }));

let any = false;
const waiting = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  waiting.add(changed);
  return () => waiting.delete(changed);
}

async function show(text: string): Promise<void> {
  (await load()).add(text);
  any = true;
  waiting.forEach((changed) => changed());
}

/** Says that an action went right. Errors never come as a toast: they stand where they happened. */
export function toast(text: string): void {
  show(text).catch(() => undefined); // without a connection nothing says it; the action went right all the same
}

export function Toasts(props: ToastRegionProps) {
  const wanted = useSyncExternalStore(subscribe, () => any);
  return (
    wanted && (
      <Suspense>
        <Region {...props} />
      </Suspense>
    )
  );
}
