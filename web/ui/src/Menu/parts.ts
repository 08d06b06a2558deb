// What a menu is made of, handed from the file that is loaded on use to the items, which callers write before it is there.
import { createContext, type ComponentType, type ReactNode } from "react";

export interface MenuItemProps {
  children: ReactNode;
  /** Plain text of the item, for type-ahead, when children are more than text. */
  text?: string;
  href?: string;
  danger?: boolean;
  disabled?: boolean;
  onAction?: () => void;
}

interface Parts {
  Item: ComponentType<MenuItemProps>;
  Line: ComponentType;
}

export const MenuParts = createContext<Parts | undefined>(undefined);
