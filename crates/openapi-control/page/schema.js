// Shows schemas. What a schema is made of is built when it is opened, so schemas that contain themselves do no harm.

import { extensions, list, object } from "./document.js";
import { counted, disclosure, el, pretty, prose, some } from "./dom.js";

/** The number of schemas within each other that a text of a type tells. */
const MAX_TOLD = 4;

/** The number of parts whose properties are told as those of one schema. */
const MAX_PARTS = 40;

/** Returns the type of a schema in words. */
export function typeOf(api, given, depth = 0) {
    const { value: schema, name } = api.resolve(given);
    if (name) return name;
    if (depth > MAX_TOLD) return "…";
    const told = (parts, joint) => {
        const texts = parts.slice(0, 6).map((part) => typeOf(api, part, depth + 1));
        return [...texts, ...(parts.length > 6 ? ["…"] : [])].join(joint);
    };
    const nullable = schema.nullable ? " or null" : "";
    for (const [keyword, joint] of [
        ["oneOf", " or "],
        ["anyOf", " or "],
        ["allOf", " and "],
    ]) {
        if (list(schema[keyword]).length) return told(schema[keyword], joint) + nullable;
    }
    const types = kinds(schema);
    if (types.includes("array")) return `list of ${typeOf(api, schema.items ?? {}, depth + 1)}${nullable}`;
    const values = object(schema.additionalProperties);
    if (Object.keys(values).length) return `map of ${typeOf(api, values, depth + 1)}${nullable}`;
    const format = schema.format ? ` (${schema.format})` : "";
    return `${types.join(" or ") || "any"}${format}${nullable}`;
}

/** Returns the types that a schema names, or has to have for what it says. */
export function kinds(schema) {
    if (schema.type !== undefined) return [schema.type].flat().map(String);
    if (schema.properties) return ["object"];
    return schema.items ? ["array"] : [];
}

/** Returns the schema that a reference, or a lone part, leads to. */
export function innermost(api, given) {
    let { value } = api.resolve(given);
    for (let depth = 0; depth < MAX_TOLD && list(value.allOf).length === 1 && !value.properties; depth += 1) {
        value = { ...api.resolve(value.allOf[0]).value, ...withoutParts(value) };
    }
    return value;
}

function withoutParts({ allOf, ...rest }) {
    return rest;
}

/** Returns the type in words, in which names of schemas are links. */
function typeLink(api, given) {
    const words = typeOf(api, given).split(/(\s+)/);
    const link = (word) => (Object.hasOwn(api.schemas, word) ? el("a", { href: schemaPath(word) }, word) : word);
    return el("span.type", {}, words.map(link));
}

export function schemaPath(name) {
    return `#/reference/schema/${encodeURIComponent(name)}`;
}

const CONSTRAINTS = [
    ["minimum", "≥"],
    ["maximum", "≤"],
    ["exclusiveMinimum", ">"],
    ["exclusiveMaximum", "<"],
    ["multipleOf", "multiple of"],
    ["minLength", "at least characters:"],
    ["maxLength", "at most characters:"],
    ["pattern", "matches"],
    ["minItems", "at least items:"],
    ["maxItems", "at most items:"],
    ["uniqueItems", "no item twice"],
    ["minProperties", "at least properties:"],
    ["maxProperties", "at most properties:"],
    ["default", "default"],
    ["const", "always"],
    ["example", "example"],
];

/** Returns what limits the values of a schema, in words. */
function constraints(schema) {
    const given = CONSTRAINTS.filter(([keyword]) => Object.hasOwn(schema, keyword) && schema[keyword] !== false);
    return given.map(([keyword, words]) => {
        const value = schema[keyword] === true ? null : el("code", {}, short(schema[keyword]));
        return el("span.constraint", {}, words, value ? " " : null, value);
    });
}

function short(value) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** Returns the marks of a property or parameter. */
export function marks(schema, required) {
    const known = [
        [required, "required"],
        [schema.readOnly, "read only"],
        [schema.writeOnly, "write only"],
        [schema["x-secret"] || schema.format === "password", "secret"],
        [schema.deprecated, "deprecated"],
    ];
    return known
        .filter(([is]) => is === true)
        .map(([, word]) => el("span.mark", { class: `mark ${word.split(" ")[0]}` }, word));
}

/** Returns what a part of the document says of itself beyond the standard, such as its source. */
export function provenance(part) {
    const said = extensions(part);
    if (!said.length) return null;
    return disclosure("Provenance and notes", () =>
        el(
            "dl.extensions",
            {},
            said.map(([name, value]) => [
                el("dt", {}, name),
                el("dd", {}, typeof value === "string" ? value : el("pre", {}, pretty(value))),
            ]),
        ),
    );
}

/** Returns the values of an enumeration. */
export function values(schema) {
    const known = list(schema.enum);
    if (!known.length) return null;
    return el(
        "div.values",
        {},
        "one of ",
        some(el("span", {}), known, (value) => el("code", {}, short(value)), 30),
    );
}

/** Returns a schema with its properties. */
export function schemaView(api, given, isOpen = true) {
    const schema = innermost(api, given);
    return el(
        "div.schema",
        {},
        el("div", {}, typeLink(api, given), marks(schema)),
        about(api, given, schema),
        inside(api, given, isOpen),
    );
}

function about(api, given, schema) {
    const { description } = { ...schema, ...object(given) };
    return [prose(description), values(schema), el("div.constraints", {}, constraints(schema)), provenance(schema)];
}

/** Returns the properties, items and alternatives of a schema; nothing if it has none. */
function inside(api, given, isOpen) {
    const { members, alternatives } = partsOf(api, given);
    const shown = [];
    if (members.length) {
        shown.push(
            disclosure(
                counted(members.length, "property", "properties"),
                () => some(el("ul.properties"), members, (member) => property(api, member)),
                isOpen,
            ),
        );
    }
    if (alternatives.length) {
        shown.push(
            disclosure(counted(alternatives.length, "alternative", "alternatives"), () =>
                some(el("ul.properties"), alternatives, (part) => el("li", {}, schemaView(api, part, false))),
            ),
        );
    }
    return shown;
}

function property(api, { name, schema: given, isRequired }) {
    const schema = innermost(api, given);
    return el(
        "li",
        {},
        el("div", {}, el("code.name", {}, name), " ", typeLink(api, given), marks(schema, isRequired)),
        about(api, given, schema),
        inside(api, given, false),
    );
}

/** Collects the properties of a schema, of what it is made of, and of its items; and its alternatives. */
export function partsOf(api, given) {
    const members = new Map();
    const alternatives = [];
    const waiting = [given];
    for (let count = 0; waiting.length && count < MAX_PARTS; count += 1) {
        const schema = api.resolve(waiting.shift()).value;
        const required = new Set(list(schema.required));
        for (const [name, value] of Object.entries(object(schema.properties))) {
            members.set(name, { name, schema: value, isRequired: required.has(name) });
        }
        const rest = object(schema.additionalProperties);
        if (Object.keys(rest).length) members.set("*", { name: "*", schema: rest, isRequired: false });
        alternatives.push(...list(schema.oneOf), ...list(schema.anyOf));
        waiting.push(...list(schema.allOf), ...(schema.items ? [schema.items] : []));
    }
    return { members: [...members.values()], alternatives };
}
