import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../Button/Button.tsx";

interface CopyFieldProps {
  label: string;
  value: string;
  copy: string;
  copied: string;
}

/** A value to take along: a link, an id. */
export function CopyField({ label, value, copy, copied }: CopyFieldProps) {
  const [done, setDone] = useState(false);
  return (
    <div className="copy-field">
      <input className="input grow" aria-label={label} value={value} readOnly onFocus={(e) => e.target.select()} />
      <Button onPress={() => void navigator.clipboard.writeText(value).then(() => setDone(true))}>
        {done ? <Check className="i s" aria-hidden="true" /> : <Copy className="i s" aria-hidden="true" />}
        <span aria-live="polite">{done ? copied : copy}</span>
      </Button>
    </div>
  );
}
