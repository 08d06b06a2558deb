// The OpenAPI documents of the services, read as their services publish them (/api/v1/<service>/openapi.yaml) and shown by our own
// small components. The known renderers do not fit: Swagger UI, Redoc, RapiDoc and Scalar put style elements and HTML into the page,
// which the content security policy and Trusted Types refuse (style-src with a nonce, one policy for server-html), and the smallest
// weighs more than a whole page here. What is used of OpenAPI 3.0 here is little: paths, parameters, schemas, responses, and our
// x-permission and x-error-codes. js-yaml is loaded with this page only.
import { load } from "js-yaml";

/** A part of a document. What a field holds is only known once it is looked at. */
export type Node = Readonly<Record<string, unknown>>;

export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  node: Node;
  /** Parameters of the path and of the operation. */
  parameters: Node[];
}

export interface Spec {
  title: string;
  description: string;
  root: Node;
  operations: Operation[];
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

export function node(value: unknown): Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : {}; // an object has string keys
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The node that a reference inside of the document names; the node itself when it is none. */
export function resolve(root: Node, value: unknown): Node {
  const at = node(value);
  const ref = text(at["$ref"]);
  if (!ref.startsWith("#/")) return at;
  const target = ref
    .slice(2)
    .split("/")
    .reduce((n: Node, part) => node(n[part.replaceAll("~1", "/").replaceAll("~0", "~")]), root);
  return resolve(root, target);
}

/** The name of a schema in the document, without the mark of the shared part. */
export function refName(value: unknown): string {
  return (text(node(value)["$ref"]).split("/").at(-1) ?? "").replace(/^common_/, "");
}

export function parseSpec(yaml: string): Spec {
  const root = node(load(yaml));
  const info = node(root["info"]);
  const operations = Object.entries(node(root["paths"])).flatMap(([path, value]) => {
    const item = node(value);
    return methods.flatMap((method): Operation[] => {
      if (!(method in item)) return [];
      const op = node(item[method]);
      return [
        {
          id: text(op["operationId"]),
          method: method.toUpperCase(),
          path,
          tag: text(list(op["tags"])[0]),
          summary: text(op["summary"]),
          description: text(op["description"]),
          node: op,
          parameters: [...list(item["parameters"]), ...list(op["parameters"])].map((p) => resolve(root, p)),
        },
      ];
    });
  });
  return { title: text(info["title"]), description: text(info["description"]), root, operations };
}

/** The operations by tag, in the order of the document. */
export function byTag(operations: readonly Operation[]): [string, Operation[]][] {
  const tags = new Map<string, Operation[]>();
  for (const o of operations) tags.set(o.tag, [...(tags.get(o.tag) ?? []), o]);
  return [...tags];
}

/** What a schema is, in one line: "string, 1 to 128 characters". Words of OpenAPI stay as they are. */
export function kindOf(root: Node, value: unknown): string {
  const name = refName(value);
  const s = resolve(root, value);
  const all = list(s["allOf"]);
  if (all.length === 1) return kindOf(root, all[0]) + (s["nullable"] === true ? " | null" : "");
  let kind = text(s["type"]) || "any";
  if (kind === "array") kind = `${refName(s["items"]) || kindOf(root, s["items"])}[]`;
  else if (kind === "object" && name) kind = name;
  else if (list(s["enum"]).length > 0)
    kind = list(s["enum"])
      .filter((e) => e !== null)
      .map((e) => JSON.stringify(e))
      .join(" | ");
  else if (s["format"] !== undefined) kind = `${kind} (${text(s["format"])})`;
  const bounds = [s["minLength"] ?? s["minimum"] ?? s["minItems"], s["maxLength"] ?? s["maximum"] ?? s["maxItems"]].map(text);
  const range = bounds[1] && list(s["enum"]).length === 0 ? ` ${bounds[0] || 0}…${bounds[1]}` : "";
  return kind + range + (s["nullable"] === true ? " | null" : "");
}
