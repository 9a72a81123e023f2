// Tells what of a request and its answer the document does not have. What its schemas refuse, the
// server tells in its answer.

import { session } from "./control.js";
import { object } from "./document.js";
import { innermost, kinds } from "./schema.js";

/** Returns what an entry of the journal breaks, in words. */
export function violationsOf(entry) {
    // A server that checks every request and answer has found all there is.
    if (entry.violations) return entry.violations;
    const operation = session.api.byId.get(entry.operation);
    if (!operation) return entry.operation === null ? ["no operation"] : [];
    const asked = unknownParameters(operation, entry.path).map((name) => `unknown parameter ${name}`);
    return isDescribed(operation, entry) ? asked : [...asked, `undescribed status ${entry.status}`];
}

function unknownParameters(operation, path) {
    const query = operation.parameters.filter((parameter) => parameter.in === "query");
    // The names of an object's members are names of parameters, and may be any.
    if (query.some(({ schema }) => kinds(innermost(session.api, schema ?? {})).includes("object"))) return [];
    const known = new Set([...query.map(({ name }) => name), ...keysInQuery()]);
    return [...new Set(new URLSearchParams(path.split("?")[1] ?? "").keys())].filter((name) => !known.has(name));
}

/** Returns the names under which credentials are sent in a query. */
function keysInQuery() {
    const schemes = Object.values(session.api.schemes).map((given) => session.api.resolve(given).value);
    return schemes.filter((scheme) => scheme.in === "query").map(({ name }) => name);
}

function isDescribed({ written }, { status, fault, answer }) {
    // Faults and answers of one's own are what somebody asked for.
    if (status === null || fault !== null || typeof answer === "number") return true;
    const known = Object.keys(object(written.responses)).map((name) => name.toUpperCase());
    return [String(status), `${Math.floor(status / 100)}XX`, "DEFAULT"].some((name) => known.includes(name));
}
