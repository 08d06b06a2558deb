import { useEffect } from "react";

interface StageActions {
  next: () => void;
  back: () => void;
  reveal: () => void;
  leave: () => void;
}

/** Keys of the stage: arrows change the question, the space bar calls the winner, Escape leaves. A focused button keeps its own keys. */
export function useStageKeys(actions: StageActions): void {
  useEffect(() => {
    const byKey: Record<string, () => void> = {
      ArrowRight: actions.next,
      PageDown: actions.next,
      ArrowLeft: actions.back,
      PageUp: actions.back,
      " ": actions.reveal,
      Escape: actions.leave,
    };
    const pressed = (e: KeyboardEvent) => {
      const act = byKey[e.key];
      if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key === " " && e.target instanceof Element && e.target.closest("button, a")) return;
      e.preventDefault();
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
}
