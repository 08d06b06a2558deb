import type { ReactNode } from "react";
import { X } from "lucide-react";
import { Dialog as AriaDialog, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IconButton } from "../Button/Button.tsx";
import { cx } from "../cx/cx.tsx";

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** The name of the button that closes. */
  closeLabel: string;
  /** For decisions: says alertdialog, and a click outside does not close. */
  alert?: boolean;
  /** Wide, for a form with two columns. */
  wide?: boolean;
  children: ReactNode;
}

// The part of a dialog that weighs: React Aria's modal. Only Dialog.tsx imports it, when a dialog opens.
export function Sheet({ open, onClose, title, closeLabel, alert, wide, children }: SheetProps) {
  return (
    <ModalOverlay
      className="dialog"
      isOpen={open}
      isDismissable={!alert}
      onOpenChange={(o) => {
        if (!o) onClose();
      }}
    >
      <Modal className={cx("sheet", wide && "wide")}>
        <AriaDialog className="dialog-in" role={alert ? "alertdialog" : "dialog"}>
          <div className="dialog-head">
            <Heading slot="title" className="grow">
              {title}
            </Heading>
            <IconButton label={closeLabel} onPress={onClose}>
              <X className="i" aria-hidden="true" />
            </IconButton>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
