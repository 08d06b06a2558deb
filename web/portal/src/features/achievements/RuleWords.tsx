import { useQuery } from "@tanstack/react-query";
import { inWords, type Texts } from "@updspace/kit/texts.ts";
import { TextLink } from "@updspace/ui/TextLink";
import { Fragment } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Rule } from "./ruleQueries.ts";
import { thingPath, thingQuery, type Thing } from "./things.ts";
import { useTexts } from "./words.tsx";

const uuid = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/;
const things: readonly string[] = ["scope", "poll", "event", "achievement"] satisfies Thing[];
const isThing = (field: string | undefined): field is Thing => field !== undefined && things.includes(field);

/** A rule as the service says it. The ids in it, of what other services keep, are names here. */
export function RuleWords({ rule, texts }: { rule: Rule; texts: Texts }) {
  const intl = useIntl();
  const fields = new Map(rule.conditions.flatMap((c) => (c.where ?? []).flatMap((w) => w.any_of.map((id) => [id, w.field] as const))));
  return inWords(texts, intl.locale)
    .split(uuid)
    .map((part, i) => {
      const field = fields.get(part);
      return isThing(field) ? <Name key={i} kind={field} id={part} /> : <Fragment key={i}>{part}</Fragment>;
    });
}

function Name({ kind, id }: { kind: Thing; id: string }) {
  const texts = useTexts();
  const { data, isError } = useQuery({ ...thingQuery(kind, id), retry: false });
  if (isError) return <FormattedMessage id="achievements.rule.unknown" />;
  if (data === undefined) return "…";
  const name = <bdi>{typeof data === "string" ? data : texts(data)}</bdi>;
  return kind === "scope" ? (
    name
  ) : (
    <TextLink href={thingPath[kind](id)} className="link">
      {name}
    </TextLink>
  );
}
