// Makes values that fit schemas, to begin a request with.

import { list, object } from "./document.js";
import { kinds } from "./schema.js";

/** The depth of values within values, and the number of values in all. */
const MAX_DEPTH = 6;
const MAX_VALUES = 400;

const FORMATS = {
    uuid: "00000000-0000-4000-8000-000000000000",
    "date-time": "2024-01-31T12:00:00Z",
    date: "2024-01-31",
    time: "12:00:00",
    email: "someone@example.com",
    uri: "https://example.com/",
    url: "https://example.com/",
    ipv4: "192.0.2.1",
    ipv6: "2001:db8::1",
    hostname: "example.com",
};

/** Returns a value of a schema. In a request it has what is required, and in an answer everything that can be there. */
export function sample(api, schema, isRequest) {
    return new Sampler(api, isRequest).value(schema, 0);
}

/** Returns the example of a media type or parameter, or one of its schema. */
export function exampleOf(api, part, isRequest) {
    if (part.example !== undefined) return part.example;
    const [first] = Object.values(object(part.examples));
    const named = api.resolve(first).value;
    return named.value !== undefined ? named.value : sample(api, part.schema, isRequest);
}

class Sampler {
    constructor(api, isRequest) {
        this.api = api;
        this.isRequest = isRequest;
        this.left = MAX_VALUES;
    }

    value(given, depth) {
        const schema = this.api.resolve(given).value;
        this.left -= 1;
        for (const known of [schema.example, list(schema.examples)[0], schema.default, schema.const]) {
            if (known !== undefined) return known;
        }
        if (list(schema.enum).length) return schema.enum[0];
        if (depth > MAX_DEPTH || this.left < 0) return null;
        const all = list(schema.allOf).map((part) => this.value(part, depth + 1));
        const one = list(schema.oneOf)[0] ?? list(schema.anyOf)[0];
        if (one) all.push(this.value(one, depth + 1));
        const [kind] = kinds(schema);
        if (kind === "object" || all.some((part) => Object.keys(object(part)).length)) {
            return Object.assign({}, ...all.map(object), this.members(schema, depth));
        }
        if (all.length) return all[0];
        return this.plain(kind, schema, depth);
    }

    members(schema, depth) {
        const required = new Set(list(schema.required));
        const wanted = Object.entries(object(schema.properties)).filter(([name, given]) => {
            if (!this.isRequest) return true;
            return required.has(name) && !this.api.resolve(given).value.readOnly;
        });
        return Object.fromEntries(wanted.map(([name, given]) => [name, this.value(given, depth + 1)]));
    }

    plain(kind, schema, depth) {
        switch (kind) {
            case "array":
                if (this.isRequest && !(schema.minItems > 0)) return [];
                return [this.value(schema.items, depth + 1)];
            case "integer":
            case "number":
                return schema.minimum ?? 1;
            case "boolean":
                return true;
            case "null":
                return null;
            case "string":
                return (
                    FORMATS[schema.format] ??
                    "string".padEnd(Math.min(schema.minLength ?? 0, 100), "s").slice(0, schema.maxLength ?? Infinity)
                );
            default:
                return {};
        }
    }
}
