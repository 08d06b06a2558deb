import { Search } from "lucide-react";

interface SearchFieldProps {
  /** What is searched; it stands in the field while that is empty. */
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A field that searches while one writes. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <search className="with-start">
      <Search className="i s" aria-hidden="true" />
      <input
        type="search"
        className="input"
        aria-label={label}
        placeholder={label}
        maxLength={100}
        value={value}
        onChange={(e) => onChange(e.target.value)}
      />
    </search>
  );
}
