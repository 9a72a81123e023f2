// Worlds: rows of their own for each test. The page talks to one of them.

import { ask, enter, session } from "./control.js";
import { announce, button, el, failure, field, fill, line, prose, select, table } from "./dom.js";

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
    const load = async () => {
        try {
            const names = await ask("GET", "worlds");
            fill(listed, table("Worlds", ["World", ""], el("tbody", {}, ["", ...names].map(row))));
            dispatchEvent(new Event("worlds"));
        } catch (error) {
            fill(problem, failure(error));
        }
    };
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
                              async () => {
                                  try {
                                      await ask("DELETE", `worlds/${encodeURIComponent(world)}`);
                                      announce(`The world ${world} is removed.`);
                                      if (session.world === world) enter("");
                                      else load();
                                  } catch (error) {
                                      fill(problem, failure(error));
                                  }
                              },
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
        try {
            await ask("GET", "health");
            enter(session.world);
        } catch (error) {
            session.world = before;
            fill(problem, failure(error));
        }
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
