import type { ReactNode } from "react";
import { Button } from "../Button/Button.tsx";
import { Dialog } from "../Dialog/Dialog.tsx";

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  /** Names the thing: "Delete the poll “Game of the year”?" */
  title: string;
  /** What is lost with it. */
  children: ReactNode;
  action: string;
  cancel: string;
  danger?: boolean;
  pending?: boolean;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ open, onClose, title, children, action, cancel, danger, pending, onConfirm }: ConfirmProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} closeLabel={cancel} alert>
      <div className="vstack">
        <div className="muted vstack s">{children}</div>
        <div className="btns right">
          <Button onPress={onClose}>{cancel}</Button>
          <Button variant={danger ? "danger" : "primary"} pending={pending ?? false} onPress={onConfirm}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
