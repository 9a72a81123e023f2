// Makes of a request in the journal what tests are written with: commands, fixtures, answers, expectations.

import { baseUrl, session } from "./control.js";
import { addCredentials, curl } from "./request.js";

/** The text in place of a secret. */
const HIDDEN = "***";

/** Headers that a program sets by itself. */
const OWN_HEADERS =
    /^(host|connection|content-length|user-agent|accept-encoding|accept-language|origin|referer|cache-control|pragma|sec-.*)$/;

/** Returns the command that sends a request again. In place of hidden credentials it has those that the page sends. */
export function asCurl({ method, path, operation, request }) {
    const [plain, search] = path.split("?");
    const query = (search ?? "")
        .split("&")
        .filter((pair) => pair && !pair.endsWith(`=${HIDDEN}`))
        .map((pair) => pair.split(/=(.*)/s).slice(0, 2));
    const headers = Object.entries(request.headers ?? {})
        .filter(([name, value]) => !OWN_HEADERS.test(name) && value !== HIDDEN)
        .flatMap(([name, value]) => [value].flat().map((item) => [name, item]));
    const cookies = [];
    const known = session.api.byId.get(operation);
    if (known) addCredentials(known, { headers, query, cookies });
    const all = query.map((pair) => pair.join("=")).join("&");
    const url = baseUrl() + plain + (all ? `?${all}` : "");
    return curl({ method, url, headers, cookies, body: bodyText(request) });
}

/** Returns a body as it was sent. */
function bodyText({ headers, body }) {
    if (body === undefined || typeof body === "string") return body;
    if (!/urlencoded/.test(headers?.["content-type"])) return JSON.stringify(body);
    return new URLSearchParams(
        Object.entries(body).flatMap(([name, value]) => [value].flat().map((item) => [name, item])),
    ).toString();
}

/** Returns what was created as a fixture has it: below its list, as `GET` answers it. */
export function asFixture({ method, path, status, response }) {
    const isCreated = method === "POST" && status === 201 && response?.body && typeof response.body === "object";
    return isCreated ? { objects: { [path.split("?")[0].replace(/^\/|\/$/g, "")]: [response.body] } } : undefined;
}

/** Returns the expectation that such a request is sent. What is hidden cannot be compared, and is left out. */
export function asExpectation({ method, path, operation, status, request }) {
    const [plain, query] = path.split("?");
    const expected = operation ? { operation } : { method };
    expected.path = plain;
    if (query) {
        const parameters = new URLSearchParams(query);
        const values = (name) => (parameters.getAll(name).length > 1 ? parameters.getAll(name) : parameters.get(name));
        expected.query = Object.fromEntries(
            [...parameters.keys()].map((name) => [name, values(name)]).filter(([, value]) => value !== HIDDEN),
        );
    }
    if (request?.body && typeof request.body === "object") expected.body = shown(request.body);
    if (status !== null) expected.status = status;
    expected.count = 1;
    return expected;
}

function shown(value) {
    if (Array.isArray(value)) return value.map(shown);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, member]) => member !== HIDDEN)
            .map(([name, member]) => [name, shown(member)]),
    );
}

/** Returns the answer that gives what a request was answered once more; nothing if it had no answer, or one with hidden parts. */
export function sameAnswer({ operation, method, path, status, response }) {
    if (status === null || JSON.stringify(response?.body ?? null).includes(`"${HIDDEN}"`)) return undefined;
    const [plain] = path.split("?");
    return {
        ...(operation ? { operation } : { method }),
        path: plain,
        status,
        ...(response?.body === undefined ? {} : { body: response.body }),
    };
}
