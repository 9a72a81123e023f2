// Tells what is running and how to talk to it.

import { ask, baseUrl, session, worldHeaders } from "./control.js";
import { attempt, copyButton, counted, disclosure, el, fill, prose, table } from "./dom.js";
import { operationPath } from "./reference.js";
import { build, curl } from "./request.js";

export const title = "Overview";

export function view() {
    const { api, about } = session;
    const secrets = [...new Set(session.credentials.values())].filter(Boolean);
    const first = simplest(api);
    const health = el("div.counts", {}, el("p.muted", {}, "Counting …"));
    countObjects(health);
    const element = el(
        "div.overview",
        {},
        el("h1", { tabindex: "-1" }, `${api.info.title ?? "API"} ${api.info.version ?? ""}`),
        prose(api.info.description),
        el(
            "div.cards",
            {},
            el(
                "section.card.wide",
                {},
                el("h2", {}, "Talk to it"),
                pair("Base URL", baseUrl()),
                secrets.map((secret) => pair("Credentials", secret)),
                session.world ? pair("World", `X-Stub-World: ${session.world}`) : null,
                first
                    ? [
                          pair("Try", curl(first.request)),
                          el(
                              "p",
                              {},
                              el(
                                  "a",
                                  { href: operationPath(first.operation.id) },
                                  `See what ${first.operation.id} takes and answers`,
                              ),
                          ),
                      ]
                    : null,
            ),
            el(
                "section.card",
                {},
                el("h2", {}, "Reference"),
                el("p.figure", {}, api.operations.length.toLocaleString("en")),
                el(
                    "p",
                    {},
                    el("a", { href: "#/reference" }, `operations under ${counted(api.tags.size, "tag", "tags")}`),
                    `, ${counted(Object.keys(api.schemas).length, "schema", "schemas")}`,
                ),
            ),
            el("section.card", {}, el("h2", {}, "Objects"), health),
        ),
        el(
            "section.card",
            {},
            el("h2", {}, "For programs"),
            el("p", {}, "What this page shows and does, programs do by the routes below /-/."),
            controlLines(api).map(([label, line]) => pair(label, line)),
            el("p", {}, el("a", { href: "openapi.json" }, "The document as JSON")),
            disclosure(counted(about.routes.length, "route", "routes"), () =>
                table(
                    "Routes of the control API",
                    ["Method", "Path"],
                    el(
                        "tbody",
                        {},
                        about.routes.map(([method, path]) =>
                            el("tr", {}, el("td", {}, method), el("td", {}, el("code", {}, path))),
                        ),
                    ),
                ),
            ),
        ),
    );
    return { element };
}

/** Returns commands that show what the control API is good for. */
function controlLines(api) {
    const id = api.operations[0]?.id;
    const headers = [...Object.entries(worldHeaders()), ...(session.token ? [["Authorization", "Bearer TOKEN"]] : [])];
    const line = (path, value) => {
        const body = value && JSON.stringify(value);
        return curl({ method: "POST", url: new URL(path, document.baseURI.split("#")[0]).href, headers, body });
    };
    return [
        ["Begin anew", line("reset")],
        ...(id
            ? [
                  ["Fail once", line("faults", { operation: id, status: 503 })],
                  ["Verify", line("verify", { operation: id, count: 1 })],
              ]
            : []),
    ];
}

function pair(label, text) {
    return el(
        "div.pair",
        {},
        el("span.label", {}, label),
        el("code", {}, text),
        copyButton("Copy", () => text),
    );
}

/** Returns the first operation that reads something and needs no parameter. */
function simplest(api) {
    const isSimple = ({ method, parameters }) =>
        method === "get" && !parameters.some((parameter) => parameter.required);
    const operation = api.operations.find(isSimple);
    return operation && { operation, request: build(operation, { parameters: [] }) };
}

function countObjects(place) {
    return attempt(place, async () => {
        const { status, ...counts } = await ask("GET", "health");
        const known = Object.entries(counts).filter(([, count]) => typeof count === "number");
        const all = known.reduce((sum, [, count]) => sum + count, 0);
        fill(
            place,
            el("p.figure", {}, all.toLocaleString("en")),
            el(
                "p",
                {},
                el("a", { href: "#/state" }, `objects of ${counted(known.length, "model", "models")}`),
                session.world ? ` in the world ${session.world}` : "",
            ),
        );
    });
}
