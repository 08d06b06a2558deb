import { Helm } from "../Helm/Helm.tsx";
import { SearchPicker, type Found, type SearchPickerProps } from "../SearchPicker/SearchPicker.tsx";

export interface Pick extends Found {
  src: string | null;
}

/** Chooses a person by typing a part of the name. */
export function PeoplePicker({ found, ...rest }: SearchPickerProps<Pick>) {
  return <SearchPicker {...rest} found={found.map(({ src, ...f }) => ({ lead: <Helm id={f.id} src={src} size="m" />, ...f }))} />;
}
