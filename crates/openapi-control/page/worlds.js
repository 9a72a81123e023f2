// Worlds: rows of their own for each test. The page talks to one of them.

import { ask, enter, session } from "./control.js";
import { announce, attempt, button, el, field, fill, line, prose, select, table } from "./dom.js";

export const title = "Worlds";

/** Returns the control that says which world the page talks to. */
export function worldChooser() {
    const place = el("div.world-chooser");
    const render = async () => {
        const names = await ask("GET", "worlds").catch(() => []);
        const known = [...new Set([...names, session.world].filter(Boolean))].sort();
        const chosen = select([["", "first"], ...known], {
            id: "world-chooser",
            value: session.world,
            change: () => enter(chosen.value),
        });
        fill(place, el("label", { for: "world-chooser" }, "World"), chosen);
    };
    addEventListener("world", render);
    addEventListener("worlds", render);
    render();
    return place;
}

export function view() {
    const problem = el("div");
    const listed = el("div");
    const name = line({ pattern: "[A-Za-z0-9._\\-]{1,100}", "aria-required": "true" });
    const load = () =>
        attempt(problem, async () => {
            const names = await ask("GET", "worlds");
            fill(listed, table("Worlds", ["World", ""], el("tbody", {}, ["", ...names].map(row))));
            dispatchEvent(new Event("worlds"));
        });
    const row = (world) =>
        el(
            "tr",
            {},
            el(
                "td",
                {},
                world ? el("code", {}, world) : "the first",
                " ",
                session.world === world ? el("span.mark.good", {}, "this page") : null,
            ),
            el(
                "td",
                {},
                el(
                    "div.row",
                    {},
                    button("Enter", () => enter(world), {
                        "aria-label": `Enter ${world || "the first world"}`,
                        class: "quiet",
                        disabled: session.world === world,
                    }),
                    world
                        ? button(
                              "Remove",
                              () =>
                                  attempt(problem, async () => {
                                      await ask("DELETE", `worlds/${encodeURIComponent(world)}`);
                                      announce(`The world ${world} is removed.`);
                                      if (session.world === world) enter("");
                                      else load();
                                  }),
                              { "aria-label": `Remove ${world}`, class: "quiet danger" },
                          )
                        : null,
                ),
            ),
        );
    const made = async (event) => {
        event.preventDefault();
        const before = session.world;
        session.world = name.value.trim();
        const isThere = await attempt(problem, () => ask("GET", "health"));
        if (isThere) enter(session.world);
        else session.world = before;
    };
    load();
    return {
        element: el(
            "div.worlds",
            {},
            el("h1", { tabindex: "-1" }, title),
            prose(
                "A request with `X-Stub-World: NAME` is answered from rows of its own, which begin as those of the first world did. Faults and the journal are those of all worlds.",
            ),
            problem,
            el("section.card", {}, listed),
            el(
                "form.card",
                { submit: made },
                el("h2", {}, "Make a world"),
                field("Name", name, "Letters, digits, hyphens, underscores and full stops."),
                el("div.row", {}, el("button.primary", {}, "Make and enter")),
            ),
        ),
    };
}
