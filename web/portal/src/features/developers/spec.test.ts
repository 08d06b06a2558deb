import { expect, test } from "vitest";
import { byTag, kindOf, parseSpec, resolve } from "./spec.ts";

const yaml = `
openapi: 3.0.3
info: { title: Things, description: All of them. }
paths:
  /api/v1/things/{id}:
    parameters: [{ $ref: '#/components/parameters/ThingID' }]
    get: { operationId: getThing, tags: [things], summary: One thing, parameters: [{ name: full, in: query, schema: { type: boolean } }] }
    delete: { operationId: dropThing, tags: [administration], summary: Remove it }
components:
  parameters:
    ThingID: { name: id, in: path, required: true, schema: { $ref: '#/components/schemas/common_ID' } }
  schemas:
    common_ID: { type: string, format: uuid, minLength: 36, maxLength: 36 }
    Colour: { type: string, enum: [red, blue], nullable: true }
    Thing: { type: object, properties: { id: { $ref: '#/components/schemas/common_ID' } } }
    Things: { type: array, maxItems: 50, items: { $ref: '#/components/schemas/Thing' } }
`;

test("reads operations with the parameters of their path, and references", () => {
  const spec = parseSpec(yaml);
  expect(spec.operations.map((o) => [o.method, o.id, o.parameters.map((p) => p["name"])])).toEqual([
    ["GET", "getThing", ["id", "full"]],
    ["DELETE", "dropThing", ["id"]],
  ]);
  expect(byTag(spec.operations).map(([tag, of]) => [tag, of.length])).toEqual([
    ["things", 1],
    ["administration", 1],
  ]);
  expect(resolve(spec.root, { $ref: "#/components/schemas/nowhere" })).toEqual({});
});

test("says what a schema is", () => {
  const { root } = parseSpec(yaml);
  const of = (name: string) => kindOf(root, { $ref: `#/components/schemas/${name}` });
  expect(of("common_ID")).toBe("string (uuid) 36…36");
  expect(of("Colour")).toBe('"red" | "blue" | null');
  expect(of("Things")).toBe("Thing[] 0…50");
  expect(of("Thing")).toBe("Thing");
});
