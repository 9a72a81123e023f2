// Shows answers: as text, whatever they are.

import { announce, button, copyButton, disclosure, download, el, preformatted, pretty, statusBadge } from "./dom.js";

/** Waits for an answer. A connection that ends without one is an answer, too. */
export async function answerOf(sending) {
    const { response, bytes, milliseconds } = await sending.catch((error) => {
        throw new Error(
            `There was no answer: ${error.message}. The connection ended, or the browser does not send such a request; curl does.`,
        );
    });
    const type = response.headers.get("content-type") ?? "";
    return {
        status: response.status,
        reason: response.statusText,
        headers: [...response.headers],
        type,
        bytes,
        milliseconds,
    };
}

export function answerView({ status, reason, headers, type, bytes, milliseconds }) {
    announce(`Answer ${status} ${reason}`);
    const isText = /json|text|xml|javascript|urlencoded|yaml/i.test(type) || type === "";
    const text = isText ? laidOut(type, new TextDecoder().decode(bytes)) : "";
    const body = !bytes.length
        ? el("p.muted", {}, "No body.")
        : isText
          ? preformatted(text, "Body of the answer")
          : el(
                "div.row",
                {},
                el("span.muted", {}, `${bytes.length.toLocaleString("en")} bytes of ${type}`),
                button("Save", () => download("answer", "application/octet-stream", bytes)),
            );
    return [
        el("h3", {}, "Answer"),
        el(
            "div.row",
            {},
            statusBadge(status),
            el("span", {}, reason),
            el("span.muted", {}, `${milliseconds.toFixed(0)} ms, ${bytes.length.toLocaleString("en")} bytes`),
            isText && bytes.length ? copyButton("Copy", () => text) : null,
            el("a", { href: "#/journal" }, "Journal"),
        ),
        disclosure(`${headers.length} headers`, () =>
            el(
                "dl.extensions",
                {},
                headers.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
            ),
        ),
        body,
    ];
}

/** Lays JSON out. */
function laidOut(type, text) {
    if (!/json/i.test(type)) return text;
    try {
        return pretty(JSON.parse(text));
    } catch {
        return text;
    }
}
