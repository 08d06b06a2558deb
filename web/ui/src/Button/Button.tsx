import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import type { PressEvent } from "react-aria-components";
import { cx } from "../cx/cx.tsx";

export type ButtonVariant = "primary" | "line" | "soft" | "quiet" | "danger" | "metal" | "ghost";

interface ButtonProps {
  children: ReactNode;
  /** One primary button a view. metal and ghost stand on covers. */
  variant?: ButtonVariant;
  size?: "s" | "big";
  wide?: boolean;
  type?: "button" | "submit";
  /** While the action runs: the button keeps its focus and ignores presses. */
  pending?: boolean;
  disabled?: boolean;
  /** null keeps it apart from a field around it, which gives its own buttons what they do. */
  slot?: null;
  onPress?: (e: PressEvent) => void;
}

export function Button({ children, variant = "line", size, wide, type = "button", pending, disabled, slot, onPress }: ButtonProps) {
  return (
    <AriaButton
      type={type}
      {...(slot === null && { slot })}
      className={cx("btn", variant, size, wide && "wide")}
      isPending={pending ?? false}
      isDisabled={disabled ?? false}
      {...(onPress && { onPress })}
    >
      {children}
    </AriaButton>
  );
}

interface IconButtonProps {
  /** What it does, and to what: "Actions for Anna's post". */
  label: string;
  children: ReactNode;
  /** A number on the corner; put it into the label as well. */
  count?: number | undefined;
  disabled?: boolean;
  pressed?: boolean;
  /** null keeps it apart from a field around it, which gives its own buttons what they do. */
  slot?: null;
  onPress?: (e: PressEvent) => void;
}

export function IconButton({ label, children, count, disabled, pressed, slot, onPress }: IconButtonProps) {
  return (
    <AriaButton
      className="icon-btn"
      aria-label={label}
      isDisabled={disabled ?? false}
      {...(slot === null && { slot })}
      {...(pressed !== undefined && { "aria-pressed": pressed })}
      {...(onPress && { onPress })}
    >
      {children}
      {count ? (
        <span className="count" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      ) : null}
    </AriaButton>
  );
}
