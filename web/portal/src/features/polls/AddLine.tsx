import { Plus } from "lucide-react";
import { useRef, useState, type SyntheticEvent } from "react";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import css from "./Manage.module.css";

interface AddLineProps {
  label: string;
  button: string;
  pending: boolean;
  onAdd: (title: string) => void;
}

/** One more of a row: a title and Enter. */
export function AddLine({ label, button, pending, onAdd }: AddLineProps) {
  const [title, setTitle] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const submit = (e: SyntheticEvent) => {
    e.preventDefault();
    if (title.trim() !== "" && !pending) {
      onAdd(title.trim());
      setTitle("");
    }
    input.current?.focus();
  };
  return (
    <form className={css["add"]} onSubmit={submit}>
      <TextField label={label} value={title} onChange={setTitle} maxLength={255} inputRef={input} />
      <Button type="submit" pending={pending}>
        <Plus className="i s" aria-hidden="true" />
        {button}
      </Button>
    </form>
  );
}
