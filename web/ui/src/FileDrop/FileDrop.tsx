import { useRef, useState, type ReactNode } from "react";
import { Button, IconButton } from "../Button/Button.tsx";
import { cx } from "../cx/cx.tsx";

interface FileDropProps {
  onFiles: (files: File[]) => void;
  /** Says what happens, while files are held over the area. */
  over: string;
  disabled?: boolean;
  children: ReactNode;
}

/** An area that takes dropped and pasted files. It is no control: FileButton beside it does the same by keyboard and touch. */
export function FileDrop({ onFiles, over, disabled, children }: FileDropProps) {
  const [held, setHeld] = useState(0); // dragenter and dragleave come for every element inside
  const hasFiles = (t: DataTransfer) => !disabled && t.types.includes("Files");
  const take = (list: FileList) => {
    if (list.length > 0) onFiles([...list]);
  };
  return (
    <div
      className={cx("file-drop", held > 0 && "over")}
      onDragEnter={(e) => hasFiles(e.dataTransfer) && setHeld((n) => n + 1)}
      onDragLeave={(e) => hasFiles(e.dataTransfer) && setHeld((n) => Math.max(0, n - 1))}
      onDragOver={(e) => hasFiles(e.dataTransfer) && e.preventDefault()}
      onDrop={(e) => {
        setHeld(0);
        if (!hasFiles(e.dataTransfer)) return;
        e.preventDefault();
        take(e.dataTransfer.files);
      }}
      onPaste={(e) => {
        if (!hasFiles(e.clipboardData) || e.clipboardData.files.length === 0) return;
        e.preventDefault();
        take(e.clipboardData.files);
      }}
    >
      {children}
      {held > 0 && (
        <div className="file-drop-sign" aria-hidden="true">
          {over}
        </div>
      )}
    </div>
  );
}

interface FileButtonProps {
  onFiles: (files: File[]) => void;
  /** The media types to offer. */
  accept?: string;
  multiple?: boolean;
  disabled?: boolean;
  /** The name of a button that shows only an icon. */
  label?: string;
  children: ReactNode;
}

/** A button that lets choose files. */
export function FileButton({ onFiles, accept, multiple, disabled, label, children }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const open = () => input.current?.click();
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        onChange={(e) => {
          const files = [...(e.target.files ?? [])];
          e.target.value = ""; // the same file can be chosen again
          if (files.length > 0) onFiles(files);
        }}
      />
      {label === undefined ? (
        <Button disabled={disabled ?? false} onPress={open}>
          {children}
        </Button>
      ) : (
        <IconButton label={label} disabled={disabled ?? false} onPress={open}>
          {children}
        </IconButton>
      )}
    </>
  );
}
