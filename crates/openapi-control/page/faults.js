// Faults: switches for the common ones, a form for any other, and the list of those that are planned.

import { ask, session } from "./control.js";
import { object } from "./document.js";
import { announce, attempt, button, counted, debounced, el, field, fill, line, table } from "./dom.js";

export const title = "Faults";

/** The faults that have a switch. They hit every request until they are switched off. */
const SWITCHES = [
    ["Unavailable", "answers 503", { status: 503 }],
    ["Throttled", "answers 429, and to retry after a second", { status: 429, headers: { "Retry-After": "1" } }],
    ["Slow", "takes two seconds longer", { delay_ms: 2000 }],
    [
        "Lost answers",
        "does what is asked, and ends the connection without an answer",
        { disconnect: true, carried_out: true },
    ],
    ["Gone", "ends the connection at once", { disconnect: true }],
];

export function view() {
    const problem = el("div");
    const planned = el("div");
    const scope = operationInput(debounced(() => render()));
    let faults = [];

    const act = async (work, told) => {
        await attempt(problem, async () => {
            await work();
            fill(problem);
            announce(told);
        });
        await load();
    };
    const load = async () => {
        await attempt(problem, async () => {
            faults = await ask("GET", "faults");
        });
        render();
    };
    const wanted = (fault) => ({ ...fault, times: null, ...(scope.value.trim() && { operation: scope.value.trim() }) });
    const rows = SWITCHES.map(([name, words, fault], index) => {
        const on = () => faults.filter((known) => isSame(known, wanted(fault)));
        const change = async () => {
            const known = on();
            if (!known.length) await ask("POST", "faults", wanted(fault));
            for (const { id } of known) await ask("DELETE", `faults/${id}`);
        };
        const toggle = button(el("span.thumb"), () => act(change, `${name} is ${on().length ? "off" : "on"}.`), {
            class: "switch",
            role: "switch",
            "aria-checked": "false",
            "aria-labelledby": `switch-${index}`,
        });
        const hits = el("span.mark.fault");
        const label = el("span", { id: `switch-${index}` }, el("strong", {}, name), " ", el("span.muted", {}, words));
        const update = () => {
            toggle.setAttribute("aria-checked", String(on().length > 0));
            hits.textContent = counted(
                on().reduce((sum, known) => sum + known.hits, 0),
                "hit",
                "hits",
            );
            hits.hidden = !on().length;
        };
        return { element: el("div.switch-row", {}, toggle, label, hits), update };
    });
    const render = () => {
        for (const { update } of rows) update();
        fill(
            planned,
            faults.length
                ? table(
                      "Planned faults",
                      ["Fault", "For", "What happens", "Hits", "Change"],
                      el("tbody", {}, faults.map(row)),
                  )
                : el("p.empty", {}, "Nothing goes wrong. Switch on a fault, or add one."),
        );
    };
    const row = (fault) =>
        el(
            "tr",
            {},
            el("td", {}, String(fault.id)),
            el("td", {}, el("code", {}, [fault.operation, fault.path].filter(Boolean).join(" at ") || "every request")),
            el("td", {}, effect(fault)),
            el(
                "td",
                {},
                `${fault.hits}${fault.times === null ? "" : ` of ${fault.times}`}`,
                fault.skip ? el("span.muted", {}, `, after ${fault.skip}`) : null,
            ),
            el(
                "td",
                {},
                button("Remove", () => act(() => ask("DELETE", `faults/${fault.id}`), "The fault is removed."), {
                    "aria-label": `Remove fault ${fault.id}`,
                    class: "quiet",
                }),
            ),
        );

    const element = el(
        "div.faults",
        {},
        el("h1", { tabindex: "-1" }, title),
        el("p.prose", {}, "What goes wrong with requests to the API, in all worlds."),
        problem,
        el(
            "section.card",
            {},
            el("h2", {}, "Switches"),
            field("Only for the operation", scope, "Empty: for every request."),
            el(
                "div.switches",
                {},
                rows.map(({ element }) => element),
            ),
        ),
        el(
            "section.card",
            {},
            el("h2", {}, "Planned"),
            planned,
            el(
                "div.row",
                {},
                button("Refresh", load, { class: "quiet" }),
                button("Clear all", () => act(() => ask("DELETE", "faults"), "There are no faults any more.")),
            ),
        ),
        el("section.card", {}, el("h2", {}, "Add a fault"), faultForm(act)),
    );
    load();
    return { element };
}

/** Returns `true` if a planned fault is one that is wanted. */
function isSame({ id, hits, skipped, seed, ...planned }, wanted) {
    const text = (fault) => {
        const set = Object.entries(fault).filter(([, value]) => value !== false && value !== 0);
        return JSON.stringify(
            set.map(([name, value]) => [name, name === "disconnect" && value === true ? "before" : value]).sort(),
        );
    };
    return text(planned) === text(wanted);
}

/** The properties of a fault that are told in words, or elsewhere in its row. */
const TOLD = new Set([
    "id",
    "hits",
    "skipped",
    "operation",
    "path",
    "skip",
    "times",
    "status",
    "delay_ms",
    "disconnect",
    "carried_out",
]);

/** Returns what a fault does, in words as far as there are any. */
function effect(fault) {
    const parts = [
        fault.delay_ms ? `${fault.delay_ms} ms late` : null,
        fault.status ? `answers ${fault.status}` : null,
        fault.disconnect ? `no whole answer${fault.disconnect === true ? "" : `: ends ${fault.disconnect}`}` : null,
        fault.carried_out ? "carried out all the same" : null,
    ];
    const rest = Object.entries(fault).filter(([name]) => !TOLD.has(name));
    return [
        parts.filter(Boolean).join(", "),
        rest.map(([name, value]) => el("div", {}, el("code", {}, `${name}: ${JSON.stringify(value)}`.slice(0, 300)))),
    ];
}

/** Returns a control for an operation, with those of the document to choose from. */
function operationInput(input) {
    const options = el(
        "datalist",
        { id: "operations" },
        session.api.operations.map(({ id }) => el("option", { value: id })),
    );
    if (!document.getElementById("operations")) document.body.append(options);
    return line({ list: "operations", input });
}

function faultForm(act) {
    const number = (properties) => el("input", { type: "number", min: "0", ...properties });
    const control = {
        operation: operationInput(() => {}),
        path: line({ placeholder: "/things/*/" }),
        status: number({ min: "200", max: "599", value: "503" }),
        delay: number({ value: "0" }),
        times: number({ value: "1", min: "1" }),
        skip: number({ value: "0" }),
        headers: el("textarea", { rows: 2, spellcheck: "false", placeholder: "Retry-After: 1" }),
        body: el("textarea", { rows: 2, spellcheck: "false" }),
        more: el("textarea", { rows: 2, spellcheck: "false", placeholder: '{"name": "value"}' }),
    };
    const disconnect = el("input", { type: "checkbox" });
    const carriedOut = el("input", { type: "checkbox" });
    const always = el("input", { type: "checkbox" });
    const read = () => {
        const headers = control.headers.value
            .split("\n")
            .filter((line) => line.trim())
            .map((line) => {
                const place = line.indexOf(":");
                return [line.slice(0, place).trim(), line.slice(place + 1).trim()];
            });
        const body = control.body.value;
        return {
            ...(control.operation.value.trim() && { operation: control.operation.value.trim() }),
            ...(control.path.value.trim() && { path: control.path.value.trim() }),
            ...(control.status.value && !disconnect.checked && { status: Number(control.status.value) }),
            ...(headers.length && { headers: Object.fromEntries(headers) }),
            ...(body && { body: json(body) }),
            delay_ms: Number(control.delay.value),
            skip: Number(control.skip.value),
            times: always.checked ? null : Number(control.times.value),
            disconnect: disconnect.checked,
            carried_out: carriedOut.checked,
            ...object(json(control.more.value)),
        };
    };
    const sent = (event) => {
        event.preventDefault();
        act(() => ask("POST", "faults", read()), "The fault is planned.");
    };
    return el(
        "form",
        { submit: sent },
        el(
            "div.fields",
            {},
            field("Operation", control.operation, "Empty: any."),
            field("Path", control.path, "Below the base path; * stands for any part, ** for any text."),
            field("Status", control.status, "Empty: the true answer."),
            field("Delay in milliseconds", control.delay),
            field("Requests to hit", control.times),
            field("Requests to let through first", control.skip),
            field("Headers of the answer", control.headers, "One a line."),
            field("Body of the answer", control.body, "JSON, or any text."),
            field("Other properties", control.more, "As an object of JSON. They come before what is above."),
        ),
        el(
            "div.row",
            {},
            el("label.check", {}, always, "every request, until it is removed"),
            el("label.check", {}, disconnect, "no answer: the connection ends"),
            el("label.check", {}, carriedOut, "do what is asked all the same"),
        ),
        el("div.row", {}, el("button.primary", {}, "Add the fault")),
    );
}

/** Reads JSON; a text that is none stays one. */
function json(text) {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
