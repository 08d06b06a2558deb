import { use, useId, useRef, useState, type ComponentType, type ReactNode } from "react";
import { Button as AriaButton, ButtonContext } from "react-aria-components/Button";
import type { MenuPopoverProps } from "./MenuPopover.tsx";
import { MenuParts, type MenuItemProps } from "./parts.ts";

interface MenuProps {
  /** The button that opens the menu: Button, IconButton or MenuButton. */
  trigger: ReactNode;
  label: string;
  placement?: MenuPopoverProps["placement"];
  children: ReactNode;
}

const load = async () => (await import("./MenuPopover.tsx")).MenuPopover;

/** Loads what opens before it is asked for. Without a connection nothing happens: the press tries again. */
const prepare = () => void load().catch(() => undefined);

/** A button with a menu of actions or places. What opens is no part of a first load: it comes when the button is pointed at, focused or
 * pressed. The button stays the same, so a press before that opens the menu as soon as it is there, and the focus has a place to return to. */
export function Menu({ trigger, label, placement = "bottom end", children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [Popover, setPopover] = useState<ComponentType<MenuPopoverProps>>();
  const [open, setOpen] = useState(false);
  const [focus, setFocus] = useState<MenuPopoverProps["focus"]>(true);
  const start = async (at: MenuPopoverProps["focus"]) => {
    const loaded = await load().catch(() => undefined);
    if (!loaded) return;
    setPopover(() => loaded);
    setFocus(at);
    setOpen(true);
  };
  return (
    <>
      <ButtonContext
        value={{
          ref: button,
          "aria-haspopup": "menu",
          "aria-expanded": open,
          ...(open && { "aria-controls": id }),
          onHoverStart: prepare,
          onFocus: prepare,
          // Like menus of the system: a mouse opens when it goes down, a finger and a key when they are lifted.
          onPressStart: ({ pointerType }) => {
            prepare();
            if (pointerType === "mouse" || pointerType === "pen") void start(true);
          },
          onPress: ({ pointerType }) => {
            if (pointerType === "touch") void start(true);
            if (pointerType === "keyboard" || pointerType === "virtual") void start("first");
          },
          onKeyDown: (e) => {
            e.continuePropagation();
            if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
            e.preventDefault();
            void start(e.key === "ArrowDown" ? "first" : "last");
          },
        }}
      >
        {trigger}
      </ButtonContext>
      {Popover && (
        <Popover button={button} id={id} label={label} placement={placement} open={open} focus={focus} onClose={() => setOpen(false)}>
          {children}
        </Popover>
      )}
    </>
  );
}

export function MenuItem(props: MenuItemProps) {
  const parts = use(MenuParts);
  return parts && <parts.Item {...props} />;
}

export function MenuSeparator() {
  const parts = use(MenuParts);
  return parts && <parts.Line />;
}

/** A button of another look that opens a menu. */
export function MenuButton({ className, label, children }: { className: string; label: string; children: ReactNode }) {
  return (
    <AriaButton className={className} aria-label={label}>
      {children}
    </AriaButton>
  );
}
