// The rows of the world as tables, which can be filtered and exported.

import { ask, session } from "./control.js";
import { list, object } from "./document.js";
import {
    announce,
    attempt,
    button,
    counted,
    debounced,
    download,
    el,
    field,
    fill,
    line,
    preformatted,
    pretty,
    some,
    table,
} from "./dom.js";

export const title = "State";

/** The number of characters of a value that a cell shows. */
const MAX_CELL = 60;

export function view() {
    const models = el("nav.sidebar", { "aria-label": "Models" });
    const detail = el("div.detail");
    const element = el("div.reference.state", {}, models, detail);
    let exported = {};
    let tables = new Map();
    let name;

    const load = () =>
        attempt(detail, async () => {
            exported = await ask("GET", "state");
            tables = tablesOf(exported);
            listModels();
            detailOf();
        });
    const listModels = () =>
        fill(
            models,
            el("h1", { tabindex: "-1" }, title),
            tools(() => exported, load),
            el(
                "ul.operations",
                {},
                [...tables]
                    .sort(([one], [other]) => (one < other ? -1 : 1))
                    .map(([model, rows]) =>
                        el(
                            "li",
                            {},
                            el(
                                "a",
                                {
                                    href: `#/state/${encodeURIComponent(model)}`,
                                    "aria-current": model === name ? "page" : null,
                                },
                                el("span.where", {}, model),
                                el("span.count", {}, rows.length.toLocaleString("en")),
                            ),
                        ),
                    ),
            ),
        );
    const detailOf = () => {
        const rows = tables.get(name);
        element.classList.toggle("chosen", Boolean(rows));
        if (rows) fill(detail, modelView(name, rows));
        else
            fill(
                detail,
                el(
                    "p.empty",
                    {},
                    name ? `There are no rows of ${name}.` : tables.size ? "Choose a model." : "There are no rows.",
                ),
            );
    };
    load();
    return {
        element,
        show([model]) {
            name = model || undefined;
            listModels();
            detailOf();
            return name ?? title;
        },
    };
}

/** Returns rows by where they belong: objects by their lists, and what no list shows by its model. */
function tablesOf({ objects, beside }) {
    const tables = new Map(Object.entries(object(objects)).map(([name, rows]) => [name, [...rows]]));
    for (const { model, values } of list(object(beside).rows)) {
        if (!tables.has(model)) tables.set(model, []);
        tables.get(model).push(values);
    }
    return tables;
}

function modelView(model, all) {
    const columns = [...new Set(all.flatMap(Object.keys))];
    const body = el("tbody");
    const more = el("div");
    const count = el("p.muted", { role: "status" });
    let order = { column: undefined, sign: 1 };
    let rows = all;
    const filter = line({ type: "search", placeholder: "any value", input: debounced(() => show()) });
    const texts = new Map(all.map((row) => [row, Object.values(row).map(text).join("\n").toLowerCase()]));
    const headings = columns.map((column) =>
        el(
            "th",
            { scope: "col" },
            button(
                column,
                () => {
                    order = { column, sign: order.column === column ? -order.sign : 1 };
                    for (const heading of headings) heading.removeAttribute("aria-sort");
                    headings[columns.indexOf(column)].setAttribute(
                        "aria-sort",
                        order.sign > 0 ? "ascending" : "descending",
                    );
                    show();
                },
                { class: "link" },
            ),
        ),
    );
    const show = () => {
        const words = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
        rows = all.filter((row) => words.every((word) => texts.get(row).includes(word)));
        if (order.column)
            rows = [...rows].sort((one, other) => order.sign * compare(one[order.column], other[order.column]));
        count.textContent =
            rows.length === all.length
                ? counted(rows.length, "row", "rows")
                : `${rows.length} of ${counted(all.length, "row", "rows")}`;
        fill(body);
        fill(more, some(body, rows, (row) => rowView(row, columns)).at(-1));
    };
    show();
    const save = (extension, type, text) => download(`${model}.${extension}`, type, text);
    return [
        el("a.back", { href: "#/state" }, "All models"),
        el("h1", { tabindex: "-1" }, model),
        el(
            "div.row.filters",
            {},
            field("Filter", filter),
            button("Export JSON", () => save("json", "application/json", pretty(rows))),
            button("Export CSV", () => save("csv", "text/csv", csv(columns, rows))),
        ),
        count,
        table(`Rows of ${model}`, [el("td"), ...headings], body),
        more,
    ];
}

function rowView(row, columns) {
    const whole = el("tr.detail-row", { hidden: true }, el("td", { colspan: String(columns.length + 1) }));
    const toggle = button(
        "Show",
        () => {
            whole.hidden = !whole.hidden;
            toggle.setAttribute("aria-expanded", String(!whole.hidden));
            toggle.textContent = whole.hidden ? "Show" : "Hide";
            if (!whole.hidden && !whole.firstChild.hasChildNodes())
                fill(whole.firstChild, preformatted(pretty(row), "Row"));
        },
        { class: "quiet", "aria-expanded": "false" },
    );
    const shown = el(
        "tr",
        {},
        el("td", {}, toggle),
        columns.map((column) => {
            const value = text(row[column]);
            return el("td", {}, value.length > MAX_CELL ? `${value.slice(0, MAX_CELL)}…` : value);
        }),
    );
    const both = document.createDocumentFragment();
    both.append(shown, whole);
    return both;
}

function text(value) {
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
}

function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return text(one).localeCompare(text(other));
}

/** Returns rows as comma-separated values. A text that a spreadsheet would take for a formula is quoted as a text. */
function csv(columns, rows) {
    const cell = (value) => {
        const shown = /^[=+\-@\t\r]/.test(text(value)) && typeof value === "string" ? `'${value}` : text(value);
        return /[",\n\r]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
    };
    return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
        .map((line) => line.map(cell).join(","))
        .join("\r\n");
}

/** Returns what is done with all rows: export, import, snapshots, beginning anew. */
function tools(exported, load) {
    const told = el("div");
    const act = (work, words) =>
        attempt(told, async () => {
            await work();
            fill(told);
            announce(words);
            await load();
        });
    const file = el("input", {
        type: "file",
        accept: ".json,application/json",
        class: "hidden",
        tabindex: "-1",
        "aria-hidden": "true",
        change: () =>
            act(async () => {
                await ask("PUT", "state", JSON.parse(await file.files[0].text()));
            }, "The state is the imported one."),
    });
    const snapshot = line({ list: "snapshots" });
    const names = el("datalist", { id: "snapshots" });
    ask("GET", "snapshots").then(
        (known) =>
            fill(
                names,
                known.map((name) => el("option", { value: name })),
            ),
        () => {},
    );
    const named = (suffix) => `snapshots/${encodeURIComponent(snapshot.value.trim())}${suffix}`;
    return el(
        "details",
        {},
        el("summary", {}, "All rows", session.world ? ` of ${session.world}` : ""),
        el(
            "div.disclosed",
            {},
            el(
                "div.row",
                {},
                button("Export", () => download("state.json", "application/json", JSON.stringify(exported()))),
                button("Import", () => file.click()),
                file,
                button("Refresh", load),
                button("Reset", () => act(() => ask("POST", "reset"), "The world is as it began."), {
                    class: "danger",
                }),
            ),
            field("Snapshot", snapshot, "Rows are kept under a name, and put back."),
            names,
            el(
                "div.row",
                {},
                button("Save", () => act(() => ask("PUT", named("")), "The snapshot is saved.")),
                button("Restore", () => act(() => ask("POST", named("/restore")), "The snapshot is restored.")),
            ),
            told,
        ),
    );
}
