// Talks to the control API, and keeps what the page knows of the server. Tokens stay in memory: what the API itself answers
// may be a page of the same origin, which could read any storage.

import { announce } from "./dom.js";

export const session = {
    /** The control token, if the server asks for one. */
    token: "",
    /** The name of the world that the page talks to; none for the first. */
    world: "",
    /** Credentials for the API, by the names of their security schemes. */
    credentials: new Map(),
    /** The answer of `GET /-/about`. */
    about: { base_path: "", credentials: {}, routes: [] },
    /** The document. */
    api: undefined,
};

/** A request that the control API did not carry out. */
export class Refused extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

/** Returns the headers that name the world. */
export function worldHeaders() {
    return session.world ? { "X-Stub-World": session.world } : {};
}

/** Asks the control API for a path below `/-/`, and returns the answer. */
async function send(method, path, { body, headers = {}, signal } = {}) {
    const token = session.token ? { Authorization: `Bearer ${session.token}` } : {};
    let response;
    try {
        response = await fetch(new URL(path, document.baseURI), {
            method,
            body,
            signal,
            cache: "no-store",
            headers: { ...worldHeaders(), ...token, ...headers },
        });
    } catch (error) {
        if (signal?.aborted) throw error;
        throw new Refused(0, "The server does not answer. Is it still running?");
    }
    if (response.ok) return response;
    const text = await response.text();
    throw new Refused(response.status, detailOf(text) ?? `${response.status} ${response.statusText}`);
}

function detailOf(text) {
    try {
        return JSON.parse(text).detail;
    } catch {
        return undefined;
    }
}

/** Asks the control API, and returns the JSON that it answers, if any. */
export async function ask(method, path, value) {
    const response = await send(method, path, { body: value === undefined ? undefined : JSON.stringify(value) });
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
}

/** Checks expectations, and returns the results whether they hold or not. */
export async function verify(text) {
    try {
        return { holds: true, detail: (await (await send("POST", "verify", { body: text })).json()).results };
    } catch (error) {
        if (error.status === 417) return { holds: false, detail: error.message };
        throw error;
    }
}

/** Calls `met` with requests of the journal after the one with this id, in lists, until the signal. */
export async function follow(since, signal, met) {
    const headers = { Accept: "text/event-stream" };
    const response = await send("GET", `requests?since=${since}`, { headers, signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const events = (text + value).split("\n\n");
        text = events.pop();
        const data = events.map((event) => event.split("\n").find((line) => line.startsWith("data: ")));
        met(data.filter(Boolean).map((line) => JSON.parse(line.slice(6))));
    }
}

/** Returns `true` if the control API has a route. */
export function hasRoute(method, path) {
    return session.about.routes.some(([known, at]) => known === method && at === path);
}

/** Returns the URL that the API is below. */
export function baseUrl() {
    return new URL(session.about.base_path || "/", document.baseURI).href.replace(/\/$/, "");
}

/** Chooses the world that the page talks to. */
export function enter(world) {
    session.world = world;
    announce(world ? `The page talks to the world ${world}.` : "The page talks to the first world.");
    dispatchEvent(new Event("world"));
}
