// The part of a menu that weighs: React Aria's collections, keyboard and overlay. Only Menu.tsx imports it, when a menu is about to open.
import { useRef, type ReactNode, type RefObject } from "react";
import { Menu as AriaMenu, MenuItem as AriaMenuItem, Separator } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { cx } from "../cx/cx.tsx";
import { MenuParts, type MenuItemProps } from "./parts.ts";

export interface MenuPopoverProps {
  button: RefObject<HTMLButtonElement | null>;
  id: string;
  label: string;
  placement: "bottom start" | "bottom end" | "top start";
  open: boolean;
  /** The item that has the focus at first; true leaves it to the menu as a whole. */
  focus: "first" | "last" | true;
  onClose: () => void;
  children: ReactNode;
}

const parts = { Item, Line };

export function MenuPopover({ button, id, label, placement, open, focus, onClose, children }: MenuPopoverProps) {
  const menu = useRef<HTMLDivElement>(null);
  return (
    <Popover
      className="popover"
      trigger="MenuTrigger"
      triggerRef={button}
      scrollRef={menu}
      placement={placement}
      aria-label={label}
      isOpen={open}
      onOpenChange={(o) => {
        if (!o) onClose();
      }}
    >
      <AriaMenu ref={menu} id={id} className="menu" aria-label={label} autoFocus={focus} onClose={onClose}>
        <MenuParts value={parts}>{children}</MenuParts>
      </AriaMenu>
    </Popover>
  );
}

function Item({ children, text, href, danger, disabled, onAction }: MenuItemProps) {
  return (
    <AriaMenuItem
      className={cx("menu-item", danger && "danger")}
      isDisabled={disabled ?? false}
      textValue={text ?? (typeof children === "string" ? children : "")}
      {...(href !== undefined && { href })}
      {...(onAction && { onAction })}
    >
      {children}
    </AriaMenuItem>
  );
}

function Line() {
  return <Separator className="menu-line" />;
}
