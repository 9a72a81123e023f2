// What of the API was used: operations, parameters, properties and statuses.

import { ask, session } from "./control.js";
import {
    announce,
    attempt,
    badge,
    button,
    counted,
    debounced,
    disclosure,
    el,
    field,
    fill,
    line,
    select,
    some,
    table,
} from "./dom.js";
import { operationPath } from "./reference.js";

export const title = "Coverage";

const KINDS = ["parameters", "properties", "statuses"];

/** The operations that are listed: each choice with its label and its condition. */
const CHOICES = [
    ["", "all", () => true],
    ["never", "never called", ({ calls }) => calls === 0],
    ["partly", "called, with something missing", (operation) => operation.calls > 0 && missing(operation) > 0],
    ["whole", "used in full", (operation) => operation.calls > 0 && missing(operation) === 0],
];

/** Returns how much of an operation was never used. */
function missing(operation) {
    return KINDS.reduce((sum, kind) => sum + operation[kind].missing.length, 0);
}

export function view() {
    const problem = el("div");
    const totals = el("div.cards");
    const count = el("p.muted", { role: "status" });
    const listed = el("div");
    const text = line({ type: "search", placeholder: "path, operation, method", input: debounced(() => show()) });
    const choice = select(CHOICES, { change: () => show() });
    let operations = [];

    const load = async () => {
        const coverage = await ask("GET", "coverage");
        operations = coverage.operations;
        fill(
            totals,
            ["operations", ...KINDS].map((kind) => total(kind, coverage.totals[kind])),
        );
        fill(problem);
        show();
    };
    const show = () => {
        const words = text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
        const [, , isChosen] = CHOICES.find(([value]) => value === choice.value);
        const wanted = operations.filter((operation) => {
            const told = `${operation.method} ${operation.path} ${operation.operation}`.toLowerCase();
            return isChosen(operation) && words.every((word) => told.includes(word));
        });
        count.textContent = counted(wanted.length, "operation", "operations");
        const [body, more] = some(el("tbody"), wanted, row);
        fill(
            listed,
            table(
                "Coverage of operations",
                ["Operation", "Calls", "Parameters", "Properties", "Statuses", "Never used"],
                body,
            ),
            more,
        );
    };
    attempt(problem, load);
    const forget = async () => {
        await ask("DELETE", "coverage");
        announce("Coverage begins anew.");
        await load();
    };
    return {
        element: el(
            "div.coverage",
            {},
            el("h1", { tabindex: "-1" }, title),
            el("p.prose", {}, "What requests have used since the server began, or since this was forgotten."),
            problem,
            totals,
            el(
                "form.row.filters",
                { submit: (event) => event.preventDefault(), role: "search", "aria-label": "Filter of operations" },
                field("Search", text),
                field("Operations", choice),
                button("Refresh", () => act(async () => {})),
                button("Forget", () => attempt(problem, forget)),
            ),
            count,
            listed,
        ),
    };
}

function total(kind, { covered, all, percent }) {
    return el(
        "section.card",
        {},
        el("h2", {}, kind[0].toUpperCase() + kind.slice(1)),
        el("p.figure", {}, `${percent} %`),
        el("progress", { value: covered, max: String(all || 1), "aria-label": `${kind} used` }),
        el("p.muted", {}, `${covered.toLocaleString("en")} of ${all.toLocaleString("en")}`),
    );
}

function row(operation) {
    const share = ({ covered, missing }) =>
        el("td", {}, covered.length + missing.length ? `${covered.length} of ${covered.length + missing.length}` : "–");
    const lacking = KINDS.filter((kind) => operation[kind].missing.length);
    const name = el("span.where", {}, el("span", {}, operation.path), el("span.summary", {}, operation.operation));
    return el(
        "tr",
        { class: operation.calls ? null : "failed" },
        el(
            "td",
            {},
            el(
                "span.line",
                {},
                badge(operation.method),
                session.api.byId.has(operation.operation)
                    ? el("a", { href: operationPath(operation.operation) }, name)
                    : name,
            ),
        ),
        el("td", {}, operation.calls.toLocaleString("en")),
        KINDS.map((kind) => share(operation[kind])),
        el(
            "td",
            {},
            operation.calls && lacking.length
                ? disclosure(counted(missing(operation), "part", "parts"), () =>
                      lacking.map((kind) =>
                          el(
                              "div",
                              {},
                              el("strong", {}, kind),
                              " ",
                              operation[kind].missing.map((part) => [el("code", {}, part), " "]),
                          ),
                      ),
                  )
                : null,
        ),
    );
}
