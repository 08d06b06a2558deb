import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage } from "react-intl";
import { NewsList } from "./NewsList.tsx";
import style from "./news.module.css";

/** The news on the home page, with the way to all of them. */
export function HomeNews() {
  return (
    <>
      <NewsList filter={{}} />
      <p className={style["all"]}>
        <TextLink href="/news">
          <FormattedMessage id="news.all" />
        </TextLink>
      </p>
    </>
  );
}
