// The form that verifies what was asked.

import { verify } from "./control.js";
import { attempt, el, field, fill } from "./dom.js";

/** Returns a form that checks an expectation. */
export function expectationForm() {
    const area = el("textarea.code", { rows: 8, spellcheck: "false" });
    const result = el("div", { role: "status" });
    const sent = async (event) => {
        event.preventDefault();
        await attempt(result, async () => {
            const { holds, detail } = await verify(area.value);
            fill(
                result,
                holds
                    ? el("p.good", {}, `It holds: ${detail.map(({ count }) => count).join(", ")} requests.`)
                    : el("p.notice", {}, detail),
            );
        });
    };
    const details = el(
        "details",
        {},
        el("summary", {}, "Verify what was asked"),
        el(
            "form",
            { submit: sent },
            field("Expectation, or a list of them", area, "The body of POST /-/verify."),
            el("div.row", {}, el("button.primary", {}, "Verify")),
            result,
        ),
    );
    return {
        element: details,
        set(text) {
            area.value = text;
            details.open = true;
            area.focus();
        },
    };
}
