// Builds elements. Text becomes text and never markup: nothing here or elsewhere on the page parses HTML.

// Builds elements. Text becomes text and never markup: nothing here or elsewhere on the page parses HTML.

/** The number of characters that are shown at first. */
const MAX_SHOWN = 20000;

/** Returns an element. `name` is a tag with classes, as in `p.muted`; properties that are functions are listeners. */
export function el(name, properties = {}, ...children) {
    const [tag, ...classes] = name.split(".");
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
        if (value === undefined || value === null || value === false) continue;
        if (typeof value === "function") element.addEventListener(key, value);
        else if (key === "value" || key === "checked" || key === "disabled") element[key] = value;
        else element.setAttribute(key, value === true ? "" : value);
    }
    element.classList.add(...classes);
    element.append(...present(children));
    return element;
}

/** Returns the children that are there. */
function present(children) {
    return children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);
}

/** Makes these the only children of an element. */
export function fill(element, ...children) {
    element.replaceChildren(...present(children));
    return element;
}

/** Returns a disclosure whose content is made when it is opened for the first time. */
export function disclosure(summary, content, isOpen = false) {
    const body = el("div.disclosed");
    const open = () => {
        if (details.open && !body.hasChildNodes()) fill(body, content());
    };
    const details = el("details", { open: isOpen, toggle: open }, el("summary", {}, summary), body);
    open();
    return details;
}

/** Returns a paragraph of a description. Only `code` in backquotes is set apart. */
export function prose(text) {
    if (!text) return null;
    const parts = String(text).split(/`([^`\n]+)`/);
    return el(
        "p.prose",
        {},
        parts.map((part, index) => (index % 2 ? el("code", {}, part) : part)),
    );
}

/** Returns a labelled control. */
export function field(label, control, help) {
    control.id ||= unique();
    const note = help ? el("span.help", { id: `${control.id}-help` }, help) : null;
    if (note) control.setAttribute("aria-describedby", note.id);
    return el("div.field", {}, el("label", { for: control.id }, label), control, note);
}

/** Returns a list to choose from, of texts or of pairs of a value and its label. */
export function select(options, properties = {}) {
    const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
    const { value, ...others } = properties;
    const list = el(
        "select",
        others,
        pairs.map(([key, label]) => el("option", { value: key }, label)),
    );
    if (value !== undefined) list.value = value;
    return list;
}

/** Returns a control for a line of text that no browser corrects or remembers. */
export function line(properties = {}) {
    return el("input", { type: "text", autocomplete: "off", spellcheck: "false", ...properties });
}

export function button(label, click, properties = {}) {
    return el("button", { type: "button", click, ...properties }, label);
}

/** Returns a button that copies a text. */
export function copyButton(label, text) {
    return button(label, () => copy(text()), { class: "quiet" });
}

/** Returns preformatted text. Of a long one the rest is shown if it is asked for. */
export function preformatted(text, label) {
    const pre = el("pre", { tabindex: "0", role: "region", "aria-label": label }, text.slice(0, MAX_SHOWN));
    if (text.length <= MAX_SHOWN) return pre;
    const more = button(`Show all ${text.length.toLocaleString("en")} characters`, () => {
        pre.textContent = text;
        more.remove();
    });
    return [pre, more];
}

/** Returns a table in a region that scrolls. Headings are texts or cells. */
export function table(label, headings, body) {
    const cells = headings.map((heading) => (heading instanceof Node ? heading : el("th", { scope: "col" }, heading)));
    return el(
        "div.scroll",
        { tabindex: "0", role: "region", "aria-label": label },
        el("table", {}, el("thead", {}, el("tr", {}, cells)), body),
    );
}

/** Returns the method of a request. */
export function badge(method) {
    const known = ["get", "post", "put", "patch", "delete"].includes(method.toLowerCase());
    return el(`span.method.${known ? method.toLowerCase() : "other"}`, {}, method.toUpperCase());
}

/** Returns the status of an answer; `null` if there was none. */
export function statusBadge(status) {
    return el(`span.status.s${Math.floor((status ?? 0) / 100)}`, {}, status ? String(status) : "no answer");
}

/** Tells people who do not see the page. */
export function announce(text) {
    document.getElementById("announcer").textContent = text;
}

/** Returns a message that is told at once. */
export function failure(error) {
    return el("p.notice", { role: "alert" }, error instanceof Error ? error.message : String(error));
}

/** Does some work. Tells in `place` why it fails, if it does, and returns false then. */
export async function attempt(place, work) {
    try {
        await work();
        return true;
    } catch (error) {
        fill(place, failure(error));
        return false;
    }
}

let ids = 0;

function unique() {
    ids += 1;
    return `id-${ids}`;
}

/** Copies a text, or shows it to be copied where the browser does not let a page do so. */
async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        announce("Copied.");
        const toast = el("div.toast", { "aria-hidden": "true" }, "Copied");
        document.body.append(toast);
        setTimeout(() => toast.remove(), 1500);
    } catch {
        const area = el("textarea", { readonly: true, rows: "10", value: text });
        const dialog = el(
            "dialog",
            { close: () => dialog.remove() },
            field("To be copied", area),
            button("Close", () => dialog.close()),
        );
        document.body.append(dialog);
        dialog.showModal();
        area.select();
    }
}

/** Saves a text as a file. */
export function download(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Returns JSON as it is read best. */
export function pretty(value) {
    return JSON.stringify(value, null, 2) ?? "";
}

/** Returns a number with its noun. */
export function counted(count, one, many) {
    return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Waits until a burst of calls is over. */
export function debounced(call, milliseconds = 120) {
    let timer;
    return (...given) => {
        clearTimeout(timer);
        timer = setTimeout(call, milliseconds, ...given);
    };
}

/** Adds what `render` makes of the first items to a list, and of further ones when they are asked for. */
export function some(parent, items, render, size = 100) {
    let shown = 0;
    const more = button(
        "",
        () => {
            const last = parent.lastElementChild;
            next();
            // Who asked by keyboard goes on where the new ones begin.
            last?.nextElementSibling?.querySelector("a, button, summary")?.focus();
        },
        { class: "more" },
    );
    const next = () => {
        parent.append(...items.slice(shown, shown + size).map(render));
        shown = Math.min(shown + size, items.length);
        more.textContent = `Show more of ${items.length.toLocaleString("en")}`;
        more.hidden = shown >= items.length;
    };
    next();
    return [parent, more];
}
