// People are ids on the wire. What one frame asks for is one request, and each person is cached.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { portal as api } from "@updspace/api";
import { Helm } from "@updspace/ui/Helm";
import { TextLink } from "@updspace/ui/TextLink";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok, portal } from "./api.ts";

export type Person = api.components["schemas"]["Person"];

const commas = { array: { style: "form", explode: false } } as const; // as the spec says: ids=a,b
const most = 100; // ids in one request, as the server allows
const fresh = 5 * 60_000; // milliseconds: names and faces change seldom

interface Waiting {
  resolve: (person: Person | null) => void;
  reject: (error: unknown) => void;
}

let waiting = new Map<string, Waiting[]>();

async function ask(ids: string[], all: Map<string, Waiting[]>): Promise<void> {
  const of = (id: string) => all.get(id) ?? [];
  try {
    const { people } = await ok(portal.GET("/api/v1/portal/people/lookup", { params: { query: { ids } }, querySerializer: commas }));
    const found = new Map(people.map((p) => [p.user_id, p]));
    for (const id of ids) for (const w of of(id)) w.resolve(found.get(id) ?? null);
  } catch (e) {
    for (const id of ids) for (const w of of(id)) w.reject(e);
  }
}

function flush(): void {
  const all = waiting;
  waiting = new Map();
  const ids = [...all.keys()];
  for (let i = 0; i < ids.length; i += most) void ask(ids.slice(i, i + most), all);
}

function load(id: string): Promise<Person | null> {
  return new Promise((resolve, reject) => {
    if (waiting.size === 0) setTimeout(flush);
    waiting.set(id, [...(waiting.get(id) ?? []), { resolve, reject }]);
  });
}

/** One person; null when the tenant has no such user. */
export const personQuery = (id: string) =>
  queryOptions({ queryKey: ["/api/v1/portal/people/lookup", id], queryFn: () => load(id), staleTime: fresh });

export function usePerson(id: string): Person | null | undefined {
  return useQuery(personQuery(id)).data;
}

/** The name to show; empty while it is loaded. */
export function usePersonName(id: string): string {
  const intl = useIntl();
  const person = usePerson(id);
  if (person === undefined) return "";
  return person?.display_name ?? person?.username ?? intl.formatMessage({ id: "person.unknown" });
}

/** The name of a person as a link to the profile, inside of a sentence or a list. */
export function PersonName({ id }: { id: string }) {
  const name = usePersonName(id);
  const person = usePerson(id);
  if (person === null) return <span className="muted">{name}</span>;
  return (
    <TextLink className="name" href={`/people/${id}`}>
      <bdi>{name || "…"}</bdi>
    </TextLink>
  );
}

interface PersonProps {
  id: string;
  size?: "s" | "m" | "l";
  /** Beside the name: a tag. */
  tag?: ReactNode;
  /** The second line. */
  children?: ReactNode;
}

/** A person: helm, name, and a second line. */
export function Person({ id, size, tag, children }: PersonProps) {
  const person = usePerson(id);
  return (
    <div className="by">
      <Helm id={id} src={person?.avatar_url} {...(size && { size })} />
      <div className="who">
        <div className="line">
          <PersonName id={id} />
          {tag}
          {person?.status === "left" && (
            <span className="tag muted">
              <FormattedMessage id="person.left" />
            </span>
          )}
        </div>
        {children !== undefined && <div className="small muted">{children}</div>}
      </div>
    </div>
  );
}

function Face({ id, src }: { id: string; src?: string | null | undefined }) {
  const person = useQuery({ ...personQuery(id), enabled: src === undefined }).data;
  return <Helm id={id} size="m" src={src ?? person?.avatar_url} />;
}

interface PersonStackProps {
  /** Ids, or faces that came with a group. */
  people: readonly (string | { user_id: string; avatar_url: string | null })[];
  most?: number;
}

/** Faces of some people. Decorative: how many there are stands in words beside it. */
export function PersonStack({ people, most = 6 }: PersonStackProps) {
  return (
    <span className="stack" aria-hidden="true">
      {people
        .slice(0, most)
        .map((p) => (typeof p === "string" ? <Face key={p} id={p} /> : <Face key={p.user_id} id={p.user_id} src={p.avatar_url} />))}
    </span>
  );
}
