import { useNavigate } from "@tanstack/react-router";
import { SearchField } from "@updspace/ui/SearchField";
import { useEffect, useState } from "react";
import { useIntl } from "react-intl";
import type { PollsSearch } from "./filter.ts";

const pause = 300; // milliseconds without a keystroke before it is searched

/** Searches titles and descriptions while one writes; the text stands in the address. */
export function PollSearch({ search }: { search: PollsSearch }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => {
    const q = text.trim() === "" ? undefined : text.trim();
    if (q === search.q) return;
    const timer = setTimeout(() => void navigate({ to: "/polls", search: { ...search, q }, replace: true }), pause);
    return () => clearTimeout(timer);
  }, [text, search, navigate]);
  return <SearchField label={intl.formatMessage({ id: "polls.search" })} value={text} onChange={setText} />;
}
