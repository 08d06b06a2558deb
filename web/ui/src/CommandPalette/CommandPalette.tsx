import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Collection } from "react-aria-components/Collection";
import { Dialog } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { SearchField } from "react-aria-components/SearchField";
import { Button } from "../Button/Button.tsx";
import styles from "./CommandPalette.module.css";

export interface Command {
  id: string;
  name: string;
  note?: string | undefined;
  lead: ReactNode;
  href: string;
}

export interface CommandGroup {
  id: string;
  name: string;
  items: Command[];
}

interface CommandPaletteProps {
  open: boolean;
  onClose: () => void;
  label: string;
  query: string;
  onQuery: (query: string) => void;
  groups: CommandGroup[];
  /** What stands there when there are no results: nothing found, or what to type. */
  empty: ReactNode;
  words: { close: string; choose: string; open: string };
}

/** Search and commands in one: typing searches, arrows choose, Enter opens. */
export function CommandPalette({ open, onClose, label, query, onQuery, groups, empty, words }: CommandPaletteProps) {
  return (
    <ModalOverlay
      className="dialog top-sheet"
      isOpen={open}
      isDismissable
      onOpenChange={(o) => {
        if (!o) onClose();
      }}
    >
      <Modal className={`sheet ${styles["palette"]}`}>
        <Dialog aria-label={label} className={styles["in"] ?? ""}>
          <Autocomplete inputValue={query} onInputChange={onQuery}>
            <SearchField aria-label={label} className={styles["query"] ?? ""} autoFocus>
              <Search className="i" aria-hidden="true" />
              <Input placeholder={label} />
              <span className="kbd no-phone" aria-hidden="true">
                Esc
              </span>
              <span className="only-phone">
                <Button variant="quiet" slot={null} onPress={onClose}>
                  {words.close}
                </Button>
              </span>
            </SearchField>
            <Menu
              className={styles["results"] ?? ""}
              aria-label={label}
              items={groups}
              renderEmptyState={() => <p className={styles["none"]}>{empty}</p>}
              onAction={onClose}
            >
              {(group) => (
                <MenuSection id={group.id}>
                  <Header className={styles["group"] ?? ""}>{group.name}</Header>
                  <Collection items={group.items}>
                    {(item) => (
                      <MenuItem id={item.id} href={item.href} textValue={item.name} className={styles["item"] ?? ""}>
                        <span className={styles["lead"]}>{item.lead}</span>
                        <span className="grow" dir="auto">
                          <span className="strong">
                            <Marked text={item.name} wanted={query.trim()} />
                          </span>{" "}
                          {item.note !== undefined && <span className="small muted">{item.note}</span>}
                        </span>
                      </MenuItem>
                    )}
                  </Collection>
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
          <div className={styles["help"]} aria-hidden="true">
            <span>
              <span className="kbd">↑ ↓</span> {words.choose}
            </span>
            <span>
              <span className="kbd">Enter</span> {words.open}
            </span>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A name with what was typed underlined. */
function Marked({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted === "" ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return text;
  const end = at + wanted.length;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
