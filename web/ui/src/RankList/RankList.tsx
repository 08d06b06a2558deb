import { ArrowDown, ArrowUp, GripVertical } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { IconButton } from "../Button/Button.tsx";

export interface RankItem {
  id: string;
  /** The name, for the labels of its buttons. */
  name: string;
  content: ReactNode;
  /** Buttons at the end of the row. */
  actions?: ReactNode;
}

export interface RankWords {
  drag: (name: string) => string;
  up: (name: string) => string;
  down: (name: string) => string;
}

interface RankListProps {
  label: string;
  items: readonly RankItem[];
  words: RankWords;
  /** The ids in their new order. */
  onOrder: (ids: string[]) => void;
}

/** Things in an order of one's own: by dragging, by keyboard (Enter on the handle, arrows, Enter), or with the buttons of each row. */
export function RankList({ label, items, words, onOrder }: RankListProps) {
  const ids = items.map((i) => i.id);
  const move = (from: number, to: number) => {
    const next = ids.toSpliced(from, 1);
    const id = ids[from];
    if (id !== undefined) onOrder(next.toSpliced(to, 0, id));
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": items.find((i) => i.id === key)?.name ?? "" })),
    onReorder: ({ keys, target }) => {
      const moved = ids.filter((id) => keys.has(id));
      const rest = ids.filter((id) => !keys.has(id));
      const at = rest.indexOf(String(target.key)) + (target.dropPosition === "after" ? 1 : 0);
      onOrder(rest.toSpliced(at, 0, ...moved));
    },
  });
  return (
    <GridList
      className="rank-list"
      aria-label={label}
      items={items}
      dragAndDropHooks={dragAndDropHooks}
      keyboardNavigationBehavior="tab"
      dependencies={[items]}
    >
      {(item) => {
        const at = ids.indexOf(item.id);
        return (
          <GridListItem id={item.id} textValue={item.name} className="row rank-row">
            <Button slot="drag" className="icon-btn grip" aria-label={words.drag(item.name)}>
              <GripVertical className="i s" aria-hidden="true" />
            </Button>
            <div className="grow">{item.content}</div>
            <span className="line nowrap rank-acts">
              <IconButton label={words.up(item.name)} disabled={at === 0} onPress={() => move(at, at - 1)}>
                <ArrowUp className="i s" aria-hidden="true" />
              </IconButton>
              <IconButton label={words.down(item.name)} disabled={at === items.length - 1} onPress={() => move(at, at + 1)}>
                <ArrowDown className="i s" aria-hidden="true" />
              </IconButton>
              {item.actions}
            </span>
          </GridListItem>
        );
      }}
    </GridList>
  );
}
