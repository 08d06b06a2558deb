import { Helm } from "@updspace/ui/Helm";
import { Scene } from "@updspace/ui/Scene";
import type { Kind, Option } from "./types.ts";

/** The picture of an option: its own, else a helm for a person and a scene for anything else. */
export function OptionPicture({ option, kind }: { option: Option; kind: Kind }) {
  const src = ownPicture(option.media_url);
  if (kind === "person" && src === undefined) return <Helm id={option.id} />;
  return <Scene id={option.nomination_id} nth={option.sort_order} src={src} />;
}

/** A picture of this host. Pictures from elsewhere would tell their host who looks; the content security policy refuses them. */
export function ownPicture(address: string): string | undefined {
  return address.startsWith("/") && !address.startsWith("//") ? address : undefined;
}
