// The form of an operation: a control for each parameter and the body, credentials, and the answer.

import { answerOf, answerView } from "./answer.js";
import { session } from "./control.js";
import { list, object } from "./document.js";
import { attempt, copyButton, debounced, disclosure, el, field, fill, line, pretty, prose, select } from "./dom.js";
import { build, curl, send } from "./request.js";
import { exampleOf } from "./sample.js";
import { innermost, kinds, marks, partsOf, provenance, schemaView, typeOf } from "./schema.js";

/** The number of optional parameters that are shown without being asked for. */
const MAX_OPEN = 4;

/** Returns the form of an operation. */
export function requestForm(operation) {
    const { api } = session;
    const inputs = operation.parameters.map((parameter) => parameterInput(api, parameter));
    const required = inputs.filter(({ parameter }) => parameter.required);
    const optional = inputs.filter(({ parameter }) => !parameter.required);
    const body = bodyInput(api, operation);
    const fault = select(FAULTS, { name: "fault" });
    const command = el("pre.curl", { tabindex: "0", role: "region", "aria-label": "The request as curl" });
    const answer = el("div.answer", { "aria-label": "Answer", role: "region" });
    const submit = el("button.primary", {}, "Send");

    const request = () =>
        build(operation, {
            parameters: inputs.flatMap(({ parameter, read }) => {
                const value = read();
                return value === undefined ? [] : [[parameter, value]];
            }),
            ...body.read(),
            fault: fault.value,
        });
    const told = () => {
        try {
            command.textContent = curl(request());
        } catch (error) {
            command.textContent = error.message;
        }
    };
    const sent = async (event) => {
        event.preventDefault();
        submit.disabled = true;
        fill(answer, el("p.muted", {}, "Waiting for the answer …"));
        await attempt(answer, async () => fill(answer, answerView(await answerOf(send(request())))));
        submit.disabled = false;
        submit.focus();
    };
    const form = el(
        "form.request",
        { submit: sent, input: debounced(told, 60), "aria-label": "Request" },
        required.length
            ? el(
                  "section",
                  {},
                  el("h3", {}, "Parameters"),
                  required.map(({ element }) => element),
              )
            : null,
        optional.length
            ? disclosure(
                  `${optional.length} optional ${optional.length === 1 ? "parameter" : "parameters"}`,
                  () => optional.map(({ element }) => element),
                  optional.length <= MAX_OPEN,
              )
            : null,
        body.element,
        el(
            "section",
            {},
            el("h3", {}, "Try it"),
            credentialInputs(operation, told),
            field("Fault for this request", fault, "Sent as X-Stub-Fault: the server answers this one request so."),
            el(
                "div.row",
                {},
                submit,
                copyButton("Copy as curl", () => command.textContent),
            ),
            command,
        ),
    );
    told();
    return [form, answer];
}

const FAULTS = [
    ["", "none"],
    ['{"status": 503}', "503"],
    ['{"status": 429, "headers": {"Retry-After": "1"}}', "429, retry after a second"],
    ['{"delay_ms": 2000}', "two seconds late"],
    ['{"disconnect": true}', "no answer: the connection ends"],
];

/** Returns the control of a parameter, and what reads it: `undefined` if it is not to be sent. */
function parameterInput(api, parameter) {
    const content = Object.values(object(parameter.content))[0];
    const schema = innermost(api, parameter.schema ?? object(content).schema ?? {});
    const example = exampleOf(api, parameter, true);
    const isInPath = parameter.in === "path";
    const [kind] = kinds(schema);
    const text = (value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
    let control;
    let read = () => control.value;
    if (kind === "array") {
        control = el("textarea", { rows: 2, spellcheck: "false", placeholder: "one value a line" });
        read = () =>
            control.value
                .split("\n")
                .map((item) => item.trim())
                .filter(Boolean);
    } else if (kind === "object" && !content) {
        control = el("textarea", { rows: 2, spellcheck: "false", placeholder: '{"name": "value"}' });
        read = () => {
            try {
                return object(JSON.parse(control.value));
            } catch {
                throw new Error(`${parameter.name} is no object of JSON.`);
            }
        };
    } else if (list(schema.enum).length || kind === "boolean") {
        const options = kind === "boolean" ? ["true", "false"] : list(schema.enum).map(text);
        control = select([["", "–"], ...options]);
    } else {
        control = line({ placeholder: isInPath ? "" : text(schema.example ?? parameter.example ?? "") });
    }
    if (isInPath) control.value = Array.isArray(example) ? example.map(text).join("\n") : text(example);
    if (parameter.required) control.setAttribute("aria-required", "true");
    control.name = parameter.name;
    const about = el(
        "span",
        {},
        el("code.name", {}, parameter.name),
        " ",
        el("span.type", {}, `${parameter.in}, ${typeOf(api, parameter.schema ?? object(content).schema ?? {})}`),
        marks({ ...schema, deprecated: parameter.deprecated }, parameter.required),
    );
    const element = el(
        "div.parameter",
        {},
        field(about, control),
        prose(parameter.description ?? schema.description),
        provenance(parameter),
    );
    return { parameter, element, read: () => (control.value === "" ? undefined : read()) };
}

/** Returns the control of a body, and what reads it. */
function bodyInput(api, operation) {
    const written = api.resolve(operation.written.requestBody).value;
    const types = Object.entries(object(written.content));
    if (!types.length) return { element: null, read: () => ({}) };
    const area = el("textarea.code", { rows: 10, spellcheck: "false", name: "body" });
    const files = el("div");
    const schema = el("div");
    const chosen = select(
        types.map(([type]) => type),
        { name: "media-type", change: () => show() },
    );
    let inputs = [];
    const show = () => {
        const media = object(written.content[chosen.value]);
        const isForm = chosen.value.startsWith("multipart/");
        const members = isForm ? partsOf(api, media.schema ?? {}).members : [];
        inputs = members
            .filter((member) => isFile(api, member.schema))
            .map(({ name }) => [name, el("input", { type: "file" })]);
        const example = exampleOf(api, media, true);
        const names = new Set(inputs.map(([name]) => name));
        const text = isForm
            ? Object.fromEntries(Object.entries(object(example)).filter(([name]) => !names.has(name)))
            : example;
        area.value = typeof text === "string" && !chosen.value.includes("json") ? text : pretty(text);
        area.rows = Math.min(20, Math.max(4, area.value.split("\n").length + 1));
        fill(
            files,
            inputs.map(([name, input]) => field(`File: ${name}`, input)),
        );
        fill(
            schema,
            media.schema
                ? disclosure(`Schema of the body: ${typeOf(api, media.schema)}`, () => schemaView(api, media.schema))
                : null,
        );
    };
    show();
    const help = chosen.value.includes("form") ? "Fields of the form, as an object of JSON." : undefined;
    return {
        element: el(
            "section",
            {},
            el("h3", {}, "Request body", marks({}, written.required)),
            prose(written.description),
            schema,
            types.length > 1 ? field("Media type", chosen) : null,
            field("Body", area, help),
            files,
        ),
        read: () =>
            area.value.trim() === "" && !inputs.length
                ? {}
                : {
                      mediaType: chosen.value,
                      body: area.value,
                      files: inputs.flatMap(([name, input]) => [...input.files].map((file) => [name, file])),
                  },
    };
}

function isFile(api, schema) {
    return innermost(api, schema).format === "binary";
}

/** Returns controls for the credentials that an operation takes. */
function credentialInputs(operation, changed) {
    const schemes = [...new Set(operation.security.flatMap((alternative) => Object.keys(object(alternative))))];
    if (!schemes.length) return el("p.muted", {}, "Needs no credentials.");
    return schemes.map((name) => {
        const scheme = session.api.resolve(session.api.schemes[name]).value;
        const set = () => {
            session.credentials.set(name, control.value);
            changed();
        };
        const control = line({ input: set, value: session.credentials.get(name) ?? "" });
        const isBasic = String(scheme.scheme).toLowerCase() === "basic";
        return field(
            `Credentials: ${name}`,
            control,
            isBasic ? "user:password" : `${scheme.type ?? ""} ${scheme.scheme ?? scheme.name ?? ""}`.trim(),
        );
    });
}
