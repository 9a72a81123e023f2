// The API reference: a list of operations that is searched, and one of them in full.

import { session } from "./control.js";
import { announce, badge, counted, debounced, disclosure, el, fill, some } from "./dom.js";
import { namedSchemaView, operationView } from "./operation.js";
import { schemaPath } from "./schema.js";

export const title = "Reference";

export function operationPath(id) {
    return `#/reference/operation/${encodeURIComponent(id)}`;
}

export function view() {
    const { api } = session;
    const results = el("div.results");
    const search = el("input", {
        type: "search",
        id: "search",
        placeholder: "name, path, word",
        autocomplete: "off",
        spellcheck: "false",
        input: debounced(() => list(search.value.trim())),
    });
    const detail = el("div.detail");
    const element = el(
        "div.reference",
        {},
        el(
            "div.sidebar",
            {},
            el("h1.hidden", { tabindex: "-1" }, title),
            el(
                "search",
                {},
                el("label", { for: "search" }, `Search ${counted(api.operations.length, "operation", "operations")}`),
                search,
            ),
            results,
        ),
        detail,
    );

    const list = (text) => {
        if (!text) return fill(results, byTag(api));
        const { operations, schemas } = api.search(text);
        announce(
            `${counted(operations.length, "operation", "operations")}, ${counted(schemas.length, "schema", "schemas")}`,
        );
        return fill(
            results,
            el("p.muted", {}, counted(operations.length, "operation", "operations")),
            some(el("ul.operations"), operations, entry, 60),
            schemas.length
                ? [
                      el("p.muted", {}, counted(schemas.length, "schema", "schemas")),
                      some(el("ul.operations"), schemas, schemaEntry, 20),
                  ]
                : null,
        );
    };
    list("");

    return {
        element,
        show([kind, id]) {
            const operation = kind === "operation" ? api.byId.get(id) : undefined;
            const isSchema = kind === "schema" && Object.hasOwn(api.schemas, id);
            element.classList.toggle("chosen", Boolean(operation || isSchema));
            fill(detail, operation ? operationView(operation) : isSchema ? namedSchemaView(id) : empty(kind, id));
            detail.scrollTop = 0;
            for (const link of results.querySelectorAll("a")) mark(link);
            return operation ? operation.id : isSchema ? id : title;
        },
    };
}

function empty(kind, id) {
    return el("p.empty", {}, kind ? `The document has no ${kind} ${id}.` : "Choose an operation, or search for one.");
}

function mark(link) {
    if (link.getAttribute("href") === location.hash) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
}

function byTag(api) {
    return [...api.tags]
        .filter(([, operations]) => operations.length)
        .map(([tag, operations]) =>
            disclosure(
                el("span", {}, tag, el("span.count", {}, String(operations.length))),
                () => some(el("ul.operations"), operations, entry),
                api.operations.length <= 30,
            ),
        );
}

function entry(operation) {
    const link = el(
        "a",
        { href: operationPath(operation.id), title: operation.id },
        badge(operation.method),
        el(
            "span.where",
            {},
            el("span", {}, operation.path),
            operation.summary ? el("span.summary", {}, operation.summary) : null,
        ),
    );
    mark(link);
    return el("li", {}, link);
}

function schemaEntry(name) {
    const link = el("a", { href: schemaPath(name) }, el("span.where", {}, name));
    mark(link);
    return el("li", {}, link);
}
