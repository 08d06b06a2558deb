import { Button } from "@updspace/ui/Button";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./posts.module.css";
import type { Post } from "./queries.ts";

interface VersionsProps {
  theirs: Post;
  onMine: () => void;
  onBoth: () => void;
}

/** The post was changed while one wrote: what stands there now, above one's own text in the form. */
export function Versions({ theirs, onMine, onBoth }: VersionsProps) {
  const intl = useIntl();
  return (
    <section className={style["versions"]} role="alert" aria-labelledby="versions">
      <h2 id="versions">
        <FormattedMessage id="posts.changed.title" />
      </h2>
      <p>
        <FormattedMessage id="posts.changed.text" />
      </p>
      <div className={style["theirs"]} role="group" aria-label={intl.formatMessage({ id: "posts.changed.theirs" })}>
        {theirs.title !== "" && <p className="strong">{theirs.title}</p>}
        {theirs.body}
      </div>
      <div className="btns">
        <Button variant="primary" onPress={onBoth}>
          <FormattedMessage id="posts.changed.both" />
        </Button>
        <Button onPress={onMine}>
          <FormattedMessage id="posts.changed.mine" />
        </Button>
      </div>
    </section>
  );
}
