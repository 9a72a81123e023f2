// The requests that the server saw, as they come.

import { takesAnswers } from "./answers.js";
import { ask, follow, session } from "./control.js";
import { asCurl, asExpectation, asFixture, sameAnswer } from "./copies.js";
import {
    announce,
    attempt,
    badge,
    button,
    copyButton,
    counted,
    debounced,
    disclosure,
    el,
    failure,
    field,
    fill,
    line,
    preformatted,
    pretty,
    select,
    statusBadge,
    table,
} from "./dom.js";
import { expectationForm } from "./expectation.js";
import { operationPath } from "./reference.js";
import { violationsOf } from "./violations.js";

export const title = "Journal";

/** The number of requests that the page keeps, and that it shows at once. */
const MAX_KEPT = 2000;
const MAX_SHOWN = 200;

/** The time until a stream that ended is asked for again. */
const PAUSE = 1500;

/** Returns the marks of a request: what went wrong with it, the worst first, and what of it the document does not have. */
function marksOf(entry) {
    const isTrue = entry.fault === null && typeof entry.answer !== "number";
    const known = [
        [entry.fault !== null, "fault", `fault ${entry.fault}`],
        [typeof entry.answer === "number", "own", `own answer ${entry.answer}`],
        [entry.status === null, "lost", "no answer"],
        [isTrue && entry.status >= 500, "failed", "failed"],
        [isTrue && entry.status >= 400 && entry.status < 500, "refused", "refused"],
    ];
    const violations = violationsOf(entry).map((text) => ["violation", text]);
    return [...known.filter(([is]) => is).map(([, kind, text]) => [kind, text]), ...violations];
}

export function view() {
    let entries = [];
    let open = new Map();
    const kept = {
        text: line({ type: "search", placeholder: "path, operation, method", input: debounced(() => show()) }),
        status: select(
            [
                ["", "all"],
                ["2", "2xx"],
                ["3", "3xx"],
                ["4", "4xx"],
                ["5", "5xx"],
                ["0", "no answer"],
            ],
            { change: () => show() },
        ),
        marked: el("input", { type: "checkbox", change: () => show() }),
    };
    const count = el("p.muted");
    const body = el("tbody");
    const problem = el("div");
    const paused = el("input", { type: "checkbox", change: () => (paused.checked ? stop() : run()) });
    const expectation = expectationForm();
    const element = el(
        "div.journal",
        {},
        el("h1", { tabindex: "-1" }, title),
        el(
            "form.row.filters",
            { submit: (event) => event.preventDefault(), role: "search", "aria-label": "Filter of requests" },
            field("Search", kept.text),
            field("Status", kept.status),
            el("label.check", {}, kept.marked, "only what is marked"),
            el("label.check", {}, paused, "paused"),
            button("Clear", async () => {
                await ask("DELETE", "requests");
                entries = [];
                show();
                announce("The journal is empty.");
            }),
        ),
        problem,
        count,
        table("Requests", ["Request", "Operation", "Status", "Marks", "Time"], body),
        expectation.element,
    );

    const show = () => {
        const words = kept.text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
        const wanted = entries.filter((entry) => {
            const text = `${entry.method} ${entry.path} ${entry.operation ?? ""}`.toLowerCase();
            const status = kept.status.value;
            return (
                words.every((word) => text.includes(word)) &&
                (!kept.marked.checked || marksOf(entry).length) &&
                (!status || Math.floor((entry.status ?? 0) / 100) === Number(status))
            );
        });
        const newest = wanted.slice(-MAX_SHOWN).reverse();
        count.textContent =
            wanted.length === entries.length
                ? `${entries.length.toLocaleString("en")} requests`
                : `${wanted.length.toLocaleString("en")} of ${entries.length.toLocaleString("en")} requests`;
        if (wanted.length > newest.length) count.textContent += `, the newest ${MAX_SHOWN} are shown`;
        // Rows that are there stay, so that nobody loses a place or a focus.
        const rows = new Map([...body.children].map((row) => [row.dataset.key, row]));
        const next = newest.flatMap((entry) => {
            const row = rows.get(String(entry.id)) ?? requestRow(entry);
            const detail = open.get(entry.id);
            return detail ? [row, detail] : [row];
        });
        arrange(body, next);
        if (!entries.length)
            fill(
                body,
                el(
                    "tr",
                    {},
                    el("td.empty", { colspan: "5" }, "Nothing was asked yet. Send a request, and it is here."),
                ),
            );
    };

    // Many requests may come between two pictures of the screen.
    let frame;
    const showSoon = () => {
        frame ??= requestAnimationFrame(() => {
            frame = undefined;
            show();
        });
    };

    const requestRow = (entry) => {
        const toggle = button(
            "",
            async () => {
                const isOpen = open.has(entry.id);
                if (isOpen) open.delete(entry.id);
                else open.set(entry.id, await detailRow(entry, expectation));
                toggle.setAttribute("aria-expanded", String(!isOpen));
                show();
            },
            { class: "link", "aria-expanded": "false" },
        );
        fill(toggle, badge(entry.method), el("span.path", {}, entry.path));
        return el(
            "tr",
            { "data-key": entry.id, class: marksOf(entry)[0]?.[0] },
            el("td", {}, toggle),
            el(
                "td",
                {},
                entry.operation && session.api.byId.has(entry.operation)
                    ? el("a", { href: operationPath(entry.operation) }, entry.operation)
                    : el("span.muted", {}, entry.operation ?? "–"),
            ),
            el("td", {}, statusBadge(entry.status)),
            el(
                "td",
                {},
                marksOf(entry).map(([kind, text]) =>
                    kind === "fault"
                        ? el("a.mark.fault", { href: "#/faults" }, text)
                        : el(`span.mark.${kind}`, {}, text),
                ),
            ),
            el(
                "td.muted",
                {},
                el("time", { datetime: entry.time }, new Date(entry.time).toLocaleTimeString()),
                ` · ${entry.duration_ms.toFixed(1)} ms`,
            ),
        );
    };

    let stream;
    const run = async () => {
        stop();
        const own = new AbortController();
        stream = own;
        while (!own.signal.aborted) {
            try {
                entries = await ask("GET", `requests?limit=${MAX_KEPT}`);
                if (own.signal.aborted) return;
                fill(problem);
                show();
                await follow(entries.at(-1)?.id ?? 0, own.signal, (met) => {
                    entries = [...entries, ...met].slice(-MAX_KEPT);
                    if (met.length) showSoon();
                });
            } catch (error) {
                if (own.signal.aborted) return;
                fill(problem, failure(error));
            }
            await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
    };
    const stop = () => stream?.abort();
    // A page that nobody sees takes none of the few connections that a browser has for a server.
    const seen = () => (document.hidden ? stop() : paused.checked || run());
    document.addEventListener("visibilitychange", seen);
    run();
    return {
        element,
        close() {
            document.removeEventListener("visibilitychange", seen);
            stop();
        },
    };
}

/** Puts rows in their order, and leaves those that are in their place. */
function arrange(body, rows) {
    const wanted = new Set(rows);
    for (const row of [...body.children]) if (!wanted.has(row)) row.remove();
    rows.forEach((row, index) => {
        if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
    });
}

async function detailRow(entry, expectation) {
    const cell = el("td", { colspan: "5" });
    const row = el("tr.detail-row", { "data-key": `${entry.id}-detail` }, cell);
    await attempt(cell, async () => {
        const whole = await ask("GET", `requests/${entry.id}`);
        const part = (label, { headers, body, length } = {}) =>
            el(
                "section",
                {},
                el("h3", {}, label),
                Object.keys(headers ?? {}).length
                    ? disclosure(counted(Object.keys(headers).length, "header", "headers"), () =>
                          el(
                              "dl.extensions",
                              {},
                              Object.entries(headers).map(([name, value]) => [
                                  el("dt", {}, name),
                                  el("dd", {}, [value].flat().join(", ")),
                              ]),
                          ),
                      )
                    : null,
                body === undefined
                    ? el("p.muted", {}, length ? `${length} bytes that are not shown` : "No body.")
                    : preformatted(typeof body === "string" ? body : pretty(body), `${label}: body`),
            );
        fill(
            cell,
            el(
                "div.row",
                {},
                copyButton("Copy as curl", () => asCurl(whole)),
                asFixture(whole) ? copyButton("Copy as fixture", () => pretty(asFixture(whole))) : null,
                takesAnswers() && sameAnswer(whole)
                    ? copyButton("Copy as answer", () => pretty(sameAnswer(whole)))
                    : null,
                copyButton("Copy as expectation", () => pretty(asExpectation(whole))),
                button("Expect this", () => expectation.set(pretty(asExpectation(whole))), { class: "quiet" }),
            ),
            el(
                "div.columns",
                {},
                part("Request", whole.request),
                whole.response ? part("Answer", whole.response) : el("p.muted", {}, "No answer was sent."),
            ),
        );
    });
    return row;
}
