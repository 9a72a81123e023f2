// Answers of one's own, and the states of their scenarios.

import { ask, hasRoute, session } from "./control.js";
import { announce, attempt, button, el, field, fill, pretty, select, table } from "./dom.js";

export const title = "Answers";

export function view() {
    const problem = el("div");
    const given = el("div");
    const scenarios = el("div");
    const area = el("textarea.code", { rows: "8", spellcheck: "false", value: pretty(begin()) });

    const load = async () => {
        const [answers, states] = await Promise.all([ask("GET", "answers"), ask("GET", "scenarios")]);
        fill(
            given,
            answers.length
                ? table(
                      "Answers",
                      ["Answer", "For", "What is answered", "Given", "Change"],
                      el("tbody", {}, answers.map(row)),
                  )
                : el("p.empty", {}, "The API answers everything itself."),
        );
        const named = Object.entries(states);
        fill(scenarios, named.length ? el("section.card", {}, el("h2", {}, "Scenarios"), named.map(scenario)) : null);
    };
    const act = (work, told) =>
        attempt(problem, async () => {
            await work();
            await load();
            fill(problem);
            announce(told);
        });
    const row = (answer) =>
        el(
            "tr",
            {},
            el("td", {}, String(answer.id)),
            el("td", {}, el("code", {}, requests(answer))),
            el(
                "td",
                {},
                String(answer.status),
                answer.body === undefined
                    ? null
                    : el("div", {}, el("code", {}, JSON.stringify(answer.body).slice(0, 200))),
            ),
            el("td", {}, `${answer.hits}${answer.times === null ? "" : ` of ${answer.times}`}`),
            el(
                "td",
                {},
                button("Remove", () => act(() => ask("DELETE", `answers/${answer.id}`), "The answer is removed."), {
                    "aria-label": `Remove answer ${answer.id}`,
                    class: "quiet",
                }),
            ),
        );
    const scenario = ([name, { state, states }]) => {
        const list = select(states, {
            value: state,
            change: () =>
                act(
                    () => ask("PUT", `scenarios/${encodeURIComponent(name)}`, { state: list.value }),
                    `${name} is ${list.value}.`,
                ),
        });
        return field(name, list);
    };
    const added = (event) => {
        event.preventDefault();
        act(() => ask("POST", "answers", JSON.parse(area.value)), "The answer is added.");
    };
    attempt(problem, load);
    return {
        element: el(
            "div.answers",
            {},
            el("h1", { tabindex: "-1" }, title),
            el(
                "p.prose",
                {},
                "What is answered instead of what the API would answer, in all worlds. The newest answer that is for a request is given.",
            ),
            problem,
            el(
                "section.card",
                {},
                el("h2", {}, "Given"),
                given,
                el(
                    "div.row",
                    {},
                    button("Refresh", () => act(async () => {}), { class: "quiet" }),
                    button("Clear all", () => act(() => ask("DELETE", "answers"), "There are no answers any more.")),
                ),
            ),
            scenarios,
            el(
                "form.card",
                { submit: added },
                el("h2", {}, "Add an answer"),
                field("Answer, or a list of them", area, "The body of POST /-/answers."),
                el("div.row", {}, el("button.primary", {}, "Add the answer")),
            ),
        ),
    };
}

/** Returns an answer to begin with. */
function begin() {
    return { operation: session.api.operations[0]?.id, status: 200, body: {} };
}

/** Returns which requests are answered so. */
function requests({ operation, method, path, when, scenario, requires }) {
    const parts = [
        method,
        operation,
        path && `at ${path}`,
        when && `when ${JSON.stringify(when)}`,
        scenario && `while ${scenario} is ${requires ?? "in any state"}`,
    ];
    return parts.filter(Boolean).join(" ") || "every request";
}

/** Returns `true` if the server takes answers. */
export function takesAnswers() {
    return hasRoute("POST", "/-/answers");
}
