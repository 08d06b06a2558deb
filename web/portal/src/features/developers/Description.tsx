import style from "./developers.module.css";
import { blocksOf, inlines, type Inline } from "./markdown.ts";

/** A description of a document, in English as all of them. */
export function Description({ of }: { of: string }) {
  return (
    <div className={style["text"]} lang="en">
      {blocksOf(of).map((block) => (
        <p key={block}>
          {inlines(block).map((part, i) => (
            <Part key={i} of={part} />
          ))}
        </p>
      ))}
    </div>
  );
}

function Part({ of: { kind, text } }: { of: Inline }) {
  if (kind === "code") return <code>{text}</code>;
  return kind === "strong" ? <b>{text}</b> : text;
}
