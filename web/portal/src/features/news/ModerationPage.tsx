import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage, fieldErrors } from "@updspace/kit/errors.tsx";
import { PersonName } from "@updspace/kit/people.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextArea } from "@updspace/ui/TextArea";
import { TextLink } from "@updspace/ui/TextLink";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import style from "./news.module.css";
import { newsKey, reportPages, reportsKey, wordsQuery, type Report } from "./queries.ts";

/** For moderators: what members reported, and the words that posts and comments must not contain. */
export function ModerationPage() {
  const intl = useIntl();
  const session = useSession();
  const query = usePages(reportPages("open"));
  return (
    <div className={style["page"]}>
      <PageHead
        title={intl.formatMessage({ id: "news.moderation" })}
        back={{ href: "/news", name: intl.formatMessage({ id: "news.list" }) }}
      />
      <section className="card pad vstack" aria-labelledby="reports">
        <h2 id="reports">
          <FormattedMessage id="news.reports" />
        </h2>
        <PagedList query={query} empty={<EmptyState shape="flag" title={intl.formatMessage({ id: "news.reports.none" })} />}>
          {(reports) => (
            <ul className={style["thread"]}>
              {reports.map((r) => (
                <ReportRow key={r.id} report={r} />
              ))}
            </ul>
          )}
        </PagedList>
      </section>
      {may(session, "activity.news.manage") && <Words />}
    </div>
  );
}

function ReportRow({ report: r }: { report: Report }) {
  const intl = useIntl();
  const resolve = useAction({
    run: (resolution: "dismissed" | "upheld", headers) =>
      ok(
        activity.PATCH("/api/v1/activity/news-reports/{report_id}", {
          params: { path: { report_id: r.id } },
          body: { resolution },
          headers,
        }),
      ),
    stale: [[reportsKey]],
    done: intl.formatMessage({ id: "news.report.resolved" }),
  });
  return (
    <li className="vstack s">
      <TextLink href={`/news/${r.news_id}`}>
        <bdi>{r.title}</bdi>
      </TextLink>
      <p className={style["words"]}>
        <bdi>{r.body}</bdi>
      </p>
      <p className="muted">
        <FormattedMessage id={`news.report.reason.${r.reason}`} />
        {r.reporter_id !== undefined && (
          <>
            {" · "}
            <PersonName id={r.reporter_id} />
          </>
        )}
        {" · "}
        <Time at={r.created_at} />
      </p>
      {r.text !== "" && (
        <p className={style["words"]}>
          <bdi>{r.text}</bdi>
        </p>
      )}
      <ActionError error={resolve.error} />
      <div className="btns">
        <Button pending={resolve.pending} onPress={() => resolve.start("upheld")}>
          {intl.formatMessage({ id: "news.report.upheld" })}
        </Button>
        <Button variant="quiet" pending={resolve.pending} onPress={() => resolve.start("dismissed")}>
          {intl.formatMessage({ id: "news.report.dismissed" })}
        </Button>
      </div>
    </li>
  );
}

function Words() {
  const intl = useIntl();
  const query = useQuery(wordsQuery);
  return (
    <section className="card pad vstack" aria-labelledby="words">
      <h2 id="words">
        <FormattedMessage id="news.words" />
      </h2>
      {query.isPending ? (
        <Skeleton rows={1} label={intl.formatMessage({ id: "loading" })} />
      ) : query.isError ? (
        <ErrorPage error={query.error} retry={() => void query.refetch()} />
      ) : (
        <WordsForm words={query.data.words} />
      )}
    </section>
  );
}

function WordsForm({ words }: { words: readonly string[] }) {
  const intl = useIntl();
  const [text, setText] = useState(words.join("\n"));
  const save = useAction({
    run: (_: void, headers) => {
      const list = text.split("\n").filter((word) => word.trim() !== "");
      return ok(activity.PUT("/api/v1/activity/news/word-filter", { body: { words: list }, headers }));
    },
    stale: [[newsKey, "word-filter"]],
    done: intl.formatMessage({ id: "news.words.saved" }),
  });
  const errors = fieldErrors(intl, save.error);
  return (
    <div className="vstack">
      {errors["words"] === undefined && <ActionError error={save.error} />}
      <TextArea
        label={intl.formatMessage({ id: "news.words.label" })}
        help={intl.formatMessage({ id: "news.words.help" })}
        value={text}
        onChange={setText}
        rows={5}
        error={errors["words"]}
      />
      <div className="btns right">
        <Button variant="primary" pending={save.pending} onPress={() => save.start()}>
          {intl.formatMessage({ id: "action.save" })}
        </Button>
      </div>
    </div>
  );
}
