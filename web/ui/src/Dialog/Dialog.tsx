import { useEffect, useState, useEffectEvent, type ComponentType } from "react";
import type { SheetProps } from "./Sheet.tsx";

let loaded: ComponentType<SheetProps> | undefined;

/** A dialog; on a phone a sheet from below. What it is made of is no part of a first load: it comes when one first opens. */
export function Dialog(props: SheetProps) {
  const [Sheet, setSheet] = useState(() => loaded);
  const failed = useEffectEvent(() => props.onClose()); // without a connection it does not open, and can be asked for again
  const wanted = props.open && !Sheet;
  useEffect(() => {
    if (!wanted) return;
    import("./Sheet.tsx").then(
      (file) => {
        loaded = file.Sheet;
        setSheet(() => file.Sheet);
      },
      () => failed(),
    );
  }, [wanted]);
  return Sheet && <Sheet {...props} />;
}
