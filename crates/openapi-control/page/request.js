// Makes requests for operations: as the browser sends them, and as curl does.

import { baseUrl, session, worldHeaders } from "./control.js";
import { object } from "./document.js";

/** Returns a request for an operation. Values of parameters are texts, lists of texts, or objects. */
export function build(operation, { parameters, mediaType, body, files, fault }) {
    let path = operation.path;
    const query = [];
    const headers = Object.entries(worldHeaders());
    const cookies = [];
    for (const [parameter, value] of parameters) {
        const { name, style, explode } = parameter;
        switch (parameter.in) {
            case "path":
                path = path.replaceAll(`{${name}}`, () => segment(name, value, style, explode));
                break;
            case "query":
                query.push(...pairs(parameter, value));
                break;
            case "header":
                headers.push([name, simple(value, explode, String)]);
                break;
            case "cookie":
                cookies.push([name, simple(value, explode, encodeURIComponent)]);
                break;
        }
    }
    addCredentials(operation, { headers, query, cookies });
    if (fault) headers.push(["X-Stub-Fault", fault]);
    const request = { method: operation.method.toUpperCase(), headers, cookies, body: undefined, files: files ?? [] };
    if (body !== undefined) addBody(request, mediaType, body);
    const search = query.map(([name, value]) => `${encodeURIComponent(name)}=${value}`).join("&");
    request.url = baseUrl() + path + (search ? `?${search}` : "");
    return request;
}

/** Returns the pairs of a query, with encoded values. */
function pairs({ name, style = "form", explode = style === "form", content }, value) {
    const encode = encodeURIComponent;
    if (content) return [[name, encode(value)]];
    if (Array.isArray(value)) {
        if (explode) return value.map((item) => [name, encode(item)]);
        const joint = { spaceDelimited: "%20", pipeDelimited: "|" }[style] ?? ",";
        return value.length ? [[name, value.map(encode).join(joint)]] : [];
    }
    if (typeof value === "object") {
        const members = Object.entries(value);
        if (style === "deepObject") return members.map(([key, item]) => [`${name}[${key}]`, encode(item)]);
        if (explode) return members.map(([key, item]) => [key, encode(item)]);
        return [[name, members.flat().map(encode).join(",")]];
    }
    return [[name, encode(value)]];
}

function simple(value, explode, encode) {
    if (Array.isArray(value)) return value.map(encode).join(",");
    if (typeof value !== "object") return encode(value);
    return Object.entries(value)
        .map(([key, item]) => [key, item].map(encode).join(explode ? "=" : ","))
        .join(",");
}

function segment(name, value, style, explode) {
    const text = simple(value, explode, encodeURIComponent);
    const joint = { label: ".", matrix: ";" }[style];
    if (!joint) return text;
    const before = style === "matrix" ? `${joint}${encodeURIComponent(name)}=` : joint;
    return before + (explode && Array.isArray(value) ? value.map(encodeURIComponent).join(before) : text);
}

/** Adds to a request the credentials of the first alternative that there are some for. */
export function addCredentials(operation, { headers, query, cookies }) {
    const alternatives = operation.security.map((alternative) => Object.keys(object(alternative)));
    const known = alternatives.find(
        (schemes) => schemes.length && schemes.every((name) => session.credentials.get(name)),
    );
    for (const name of known ?? []) {
        const scheme = session.api.resolve(session.api.schemes[name]).value;
        const secret = session.credentials.get(name);
        if (scheme.type !== "apiKey") headers.push(["Authorization", authorization(scheme, secret)]);
        else if (scheme.in === "header") headers.push([scheme.name, secret]);
        else if (scheme.in === "query") query.push([scheme.name, encodeURIComponent(secret)]);
        else cookies.push([scheme.name, encodeURIComponent(secret)]);
    }
}

function authorization(scheme, secret) {
    const kind = String(scheme.scheme ?? "bearer").toLowerCase();
    if (scheme.type !== "http" || kind === "bearer") return `Bearer ${secret}`;
    if (kind === "basic") return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(secret)))}`;
    return `${scheme.scheme} ${secret}`;
}

/** Adds a body. Fields of forms are given as JSON. */
function addBody(request, mediaType, text) {
    const type = mediaType.toLowerCase();
    const fields = () => Object.entries(object(JSON.parse(text || "{}")));
    const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));
    if (type.startsWith("multipart/")) {
        request.fields = fields().map(([name, value]) => [name, plain(value)]);
        request.body = new FormData();
        for (const [name, value] of [...request.fields, ...request.files]) request.body.append(name, value);
    } else {
        request.body = type.startsWith("application/x-www-form-urlencoded")
            ? new URLSearchParams(
                  fields().flatMap(([name, value]) => [value].flat().map((item) => [name, plain(item)])),
              ).toString()
            : text;
        request.headers.push(["Content-Type", mediaType]);
    }
}

/** Returns the command by which curl sends a request. */
export function curl({ method, url, headers, cookies, body, fields, files }) {
    const words = ["curl"];
    if (method === "HEAD") words.push("--head");
    else if (method !== (body === undefined ? "GET" : "POST")) words.push("-X", quoted(method));
    for (const [name, value] of headers) words.push("-H", quoted(`${name}: ${String(value).replace(/[\r\n]+/g, " ")}`));
    if (cookies?.length) words.push("-b", quoted(cookies.map(([name, value]) => `${name}=${value}`).join("; ")));
    if (fields) {
        for (const [name, value] of fields) words.push("--form-string", quoted(`${name}=${value}`));
        for (const [name, file] of files) words.push("-F", quoted(`${name}=@${file.name}`));
    } else if (body !== undefined) {
        words.push("--data-raw", quoted(body));
    }
    return [...words, quoted(url)].join(" ");
}

/** Returns a word as a shell takes it. */
export function quoted(text) {
    return /^[\w./:=-]+$/.test(text) ? text : `'${String(text).replaceAll("'", "'\\''")}'`;
}

/** Sends a request, and returns its answer. */
export async function send(request) {
    const set = request.cookies.filter(([name]) => /^[\w.!#$%&*+^`|~-]+$/.test(name));
    for (const [name, value] of set) document.cookie = `${name}=${value}; path=/; SameSite=Strict`;
    const began = performance.now();
    try {
        const response = await fetch(request.url, {
            method: request.method,
            headers: request.headers,
            body: request.body,
            cache: "no-store",
            // Without cookies the browser does not ask for a password of its own.
            credentials: set.length ? "same-origin" : "omit",
        });
        const bytes = new Uint8Array(await response.arrayBuffer());
        return { response, bytes, milliseconds: performance.now() - began };
    } finally {
        for (const [name] of set) document.cookie = `${name}=; path=/; max-age=0`;
    }
}
