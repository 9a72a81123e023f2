// Starts the page: asks what is running, and shows the view that the address names.

import * as answers from "./answers.js";
import { ask, hasRoute, session } from "./control.js";
import { Api } from "./document.js";
import { el, failure, field, fill } from "./dom.js";
import { worldChooser } from "./worlds.js";
import * as coverage from "./coverage.js";
import * as faults from "./faults.js";
import * as journal from "./journal.js";
import * as overview from "./overview.js";
import * as reference from "./reference.js";
import * as state from "./state.js";
import * as worlds from "./worlds.js";

/** The views by the first part of the address, and the route that each needs. */
const VIEWS = [
    ["", overview, "/-/about"],
    ["reference", reference, "/-/openapi.json"],
    ["journal", journal, "/-/requests"],
    ["state", state, "/-/state"],
    ["faults", faults, "/-/faults"],
    ["answers", answers, "/-/answers"],
    ["worlds", worlds, "/-/worlds"],
    ["coverage", coverage, "/-/coverage"],
];

const main = document.getElementById("main");
let shown;

/** Shows the view that the address names. A view that is there stays, and shows another part of it. */
function route() {
    const [name, ...path] = location.hash.replace(/^#\/?/, "").split("/").map(decoded);
    const [, module] = views().find(([known]) => known === name) ?? VIEWS[0];
    const isFirst = !shown;
    if (shown?.module !== module) {
        shown?.view.close?.();
        const view = module.view();
        shown = { module, view };
        fill(main, view.element);
    }
    const title = shown.view.show?.(path) ?? module.title;
    document.title = `${title} – ${session.api.info.title ?? "API"}`;
    for (const link of document.querySelectorAll("#views a")) {
        if (link.dataset.view === name) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    if (!isFirst) focusHeading();
}

/** Has people who read by ear, or by keyboard, go on at the heading of what is new. */
function focusHeading() {
    const headings = [...main.querySelectorAll("h1")];
    const heading = headings.at(-1);
    scrollTo(0, 0);
    heading?.focus({ preventScroll: true });
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

function views() {
    return VIEWS.filter(([, , path]) => hasRoute("GET", path));
}

async function start() {
    session.about = await ask("GET", "about");
    session.credentials = new Map(Object.entries(session.about.credentials));
    session.api = new Api(await ask("GET", "openapi.json"));
    const { title = "API", version = "" } = session.api.info;
    document.getElementById("title").textContent = title;
    document.getElementById("version").textContent = version;
    fill(
        document.getElementById("views"),
        views().map(([name, module]) => el("a", { href: `#/${name}`, "data-view": name }, module.title)),
    );
    fill(document.getElementById("world"), worldChooser());
    addEventListener("hashchange", route);
    addEventListener("world", () => {
        shown.view.close?.();
        shown = undefined;
        route();
    });
    route();
}

/** Asks for the control token. */
function askForToken(error) {
    const token = el("input", { type: "password", autocomplete: "off", "aria-required": "true" });
    const given = (event) => {
        event.preventDefault();
        session.token = token.value.trim();
        attempt();
    };
    fill(
        main,
        el(
            "form.card.narrow",
            { submit: given },
            el("h1", {}, "Control token"),
            el(
                "p",
                {},
                "The server printed it when it started, or was given it with --control-token. This page forgets it when it is closed.",
            ),
            session.token ? failure(error) : null,
            field("Token", token),
            el("button.primary", {}, "Open"),
        ),
    );
    token.focus();
}

async function attempt() {
    try {
        await start();
    } catch (error) {
        if (error.status === 401) askForToken(error);
        else fill(main, failure(error));
    }
}

document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
});
attempt();
