// Shows an operation, and a schema by itself.

import { session } from "./control.js";
import { object } from "./document.js";
import { badge, copyButton, disclosure, el, preformatted, pretty, prose } from "./dom.js";
import { requestForm } from "./form.js";
import { exampleOf } from "./sample.js";
import { provenance, schemaView, typeOf } from "./schema.js";

export function operationView(operation) {
    const { api } = session;
    const { written } = operation;
    const back = el("a.back", { href: "#/reference" }, "All operations");
    return [
        back,
        el("h1", { tabindex: "-1" }, operation.summary || operation.id),
        el("p.line", {}, badge(operation.method), " ", el("code.path", {}, operation.path)),
        el(
            "div.row",
            {},
            el("code", {}, operation.id),
            copyButton("Copy the id", () => operation.id),
            operation.tags.map((tag) => el("span.mark", {}, tag)),
            written.deprecated === true ? el("span.mark.deprecated", {}, "deprecated") : null,
        ),
        prose(written.description),
        provenance(written),
        el("h2", {}, "Request"),
        requestForm(operation),
        el("h2", {}, "Answers"),
        Object.entries(object(written.responses)).map(([status, given]) =>
            answer(api, status, api.resolve(given).value),
        ),
    ];
}

function answer(api, status, response) {
    const types = Object.entries(object(response.content));
    const summary = el(
        "span",
        {},
        el(`span.status.s${/^[1-5]/.test(status) ? status[0] : 1}`, {}, status),
        " ",
        response.description || types.map(([, media]) => typeOf(api, media.schema ?? {})).join(", "),
    );
    return disclosure(summary, () => [
        Object.entries(object(response.headers)).map(([name, given]) => {
            const header = api.resolve(given).value;
            return el(
                "div",
                {},
                el("code.name", {}, name),
                " ",
                el("span.type", {}, typeOf(api, header.schema ?? {})),
                prose(header.description),
            );
        }),
        types.map(([type, media]) => [
            el("p", {}, el("code", {}, type)),
            media.schema ? schemaView(api, media.schema) : null,
            example(api, media),
        ]),
        types.length ? null : el("p.muted", {}, "No body."),
        provenance(response),
    ]);
}

function example(api, media) {
    return disclosure("Example", () => {
        const value = exampleOf(api, media, false);
        return preformatted(typeof value === "string" ? value : pretty(value), "Example");
    });
}

export function namedSchemaView(name) {
    const { api } = session;
    const schema = api.schemas[name];
    return [
        el("a.back", { href: "#/reference" }, "All operations"),
        el("h1", { tabindex: "-1" }, name),
        schemaView(api, schema),
        el("h2", {}, "Example"),
        preformatted(pretty(exampleOf(api, { schema }, false)), "Example"),
    ];
}
