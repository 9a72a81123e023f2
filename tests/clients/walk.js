// Walks through lists and objects with the official TypeScript client, unmodified, against the stub.
//
//     node walk.js ROOT_URL TOKEN        for example http://127.0.0.1:9000 sample-admin-token
//
// The operations come from the document that the server shows. Needs the package `@goauthentik/api` on NODE_PATH.
"use strict";

const api = require("@goauthentik/api");

// The number of objects of a list that are looked at.
const OBJECTS = 2;

// Properties that the document requires and authentik leaves out, too: model, property, reason.
const LEFT_OUT = [
    [/Provider$/, "invalidationFlow", "the client was made after 2024.8.3, and the field is new in 2024.10"],
    [/Provider$/, /^assignedBackchannel/, "authentik leaves it out without such an application"],
    ["OAuth2ProviderSetupURLs", "jwks", "authentik leaves it out without an application"],
];

// Answers of 5xx, besides 501, that were recorded from authentik: method, key, reason.
const RECORDED_FAILURES = [
    ["flowsInstancesExecuteRetrieve", "client-walk", "the flow has no stage to start with"],
    ["sourcesAllUsedByList", "authentik-built-in", "the source is of no type, and authentik looks for its model"],
];

// Objects to create: viewset, body, the change. A function is called with the keys of those created before it.
const CREATIONS = [
    ["core_users", { username: "client-walk", name: "Walk", path: "users" }, { name: "Walked" }],
    ["core_groups", (keys) => ({ name: "client-walk", users: [keys.core_users] }), { name: "client-walked" }],
    [
        "flows_instances",
        { name: "Walk", slug: "client-walk", title: "Walk", designation: "authorization" },
        { title: "Walked" },
    ],
    [
        "providers_oauth2",
        (keys) => ({ name: "client-walk", authorizationFlow: keys.flows_instances, propertyMappings: [] }),
        { name: "client-walked" },
    ],
    [
        "core_applications",
        (keys) => ({ name: "Walk", slug: "client-walk", provider: keys.providers_oauth2 }),
        { name: "Walked" },
    ],
    [
        "core_tokens",
        (keys) => ({ identifier: "client-walk", intent: "app_password", user: keys.core_users }),
        { description: "Walked" },
    ],
];

const failures = [];
const rows = new Map();
const called = new Set();

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const lower = (name) => name[0].toLowerCase() + name.slice(1);
const short = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);

function note(name, text) {
    if (!rows.has(name)) rows.set(name, new Set());
    rows.get(name).add(text);
}

// Everything that a call needs to know of an operation.
function operations(document) {
    const found = new Map();
    for (const [path, item] of Object.entries(document.paths)) {
        for (const [verb, operation] of Object.entries(item)) {
            if (!operation.operationId) continue;
            const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
            const schema = operation.responses["200"]?.content?.["application/json"]?.schema;
            found.set(operation.operationId, {
                verb,
                path,
                method: camel(operation.operationId),
                required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
                paged: parameters.some((parameter) => parameter.name === "page_size"),
                model: (schema?.$ref ?? schema?.items?.$ref)?.split("/").pop(),
                body: operation.requestBody?.content?.["application/json"]?.schema.$ref?.split("/").pop(),
            });
        }
    }
    return found;
}

class Walk {
    constructor(root, token, document) {
        const configuration = new api.Configuration({ basePath: `${root}/api/v3`, accessToken: token });
        this.clients = Object.entries(api)
            .filter(([name]) => /^[A-Z]\w*Api$/.test(name))
            .map(([, Client]) => new Client(configuration));
        this.document = document;
        this.operations = operations(document);
        for (const [id, { method }] of this.operations) {
            if (!this.client(method)) failures.push(`${id}: the client has no method ${method}`);
        }
    }

    client(method) {
        return this.clients.find((client) => typeof client[method] === "function");
    }

    // Returns the status, and what the client read or the text of a refusal. Records what must not happen.
    async call(id, parameters = {}) {
        const { method, model } = this.operations.get(id);
        called.add(id);
        try {
            const response = await this.client(method)[`${method}Raw`](parameters);
            const data = await response.value();
            for (const item of [data?.results ?? data].flat()) this.verify(id, item, data?.results ? null : model);
            return { status: response.raw.status, data };
        } catch (error) {
            if (!(error instanceof api.ResponseError)) {
                failures.push(`${id} could not be read: ${error.stack}`);
                return { status: 0, data: String(error) };
            }
            const { status } = error.response;
            const data = (await error.response.text()).replace(/\s+/g, " ");
            const values = Object.values(parameters);
            const recorded = RECORDED_FAILURES.some(([name, key]) => name === method && values.includes(key));
            if (status >= 500 && status !== 501 && !recorded) failures.push(`${id} answered ${status}: ${short(data)}`);
            return { status, data };
        }
    }

    // Records that an object lacks a property that its model requires. The client reads such an object all the same.
    verify(id, item, model) {
        model ??= this.modelOfResults(id);
        const check = api[`instanceOf${model}`];
        if (!check || item === null || typeof item !== "object") return;
        const present = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
        if (check(present)) return;
        const lacks = Object.keys(item).filter((key) => {
            const { [key]: _, ...others } = item;
            return item[key] === undefined && !check(others);
        });
        if (lacks.every((key) => LEFT_OUT.some(([name, property]) => model.match(name) && key.match(property)))) return;
        failures.push(`${id}: ${model} lacks ${lacks.join(", ")}`);
    }

    modelOfResults(id) {
        const { model } = this.operations.get(id);
        const results = this.document.components.schemas[model]?.properties?.results;
        return results?.items?.$ref?.split("/").pop() ?? model;
    }

    // Returns the value that the path of an object has, as the parameters of a call.
    key(viewset, item) {
        const [name] = this.operations.get(`${viewset}_retrieve`).required;
        const property = name === "id" ? ["pk", "id"] : [camel(name), "pk"];
        return { [camel(name)]: item[property.find((name) => item[name] !== undefined)] };
    }

    // Returns the operations that read one object of a viewset.
    ofObjects(viewset) {
        const own = this.operations.get(`${viewset}_retrieve`);
        if (!own) return [];
        return [...this.operations].filter(
            ([, operation]) =>
                operation.verb === "get" &&
                operation.path.startsWith(own.path) &&
                operation.required.join() === own.required.join(),
        );
    }

    async read(viewset) {
        const { paged } = this.operations.get(`${viewset}_list`);
        const { status, data } = await this.call(`${viewset}_list`, paged ? { pageSize: 1000 } : {});
        if (status !== 200) return failures.push(`${viewset}_list answered ${status}: ${short(String(data))}`);
        const items = data.results ?? data;
        note(viewset, `list(${items.length})`);
        for (const item of items.slice(0, OBJECTS)) await this.readObject(viewset, item);
    }

    async readObject(viewset, item) {
        for (const [id] of this.ofObjects(viewset)) {
            const step = id.slice(viewset.length + 1);
            const { status, data } = await this.call(id, this.key(viewset, item));
            note(viewset, status < 300 ? step : `(${step} ${status}: ${short(data)})`);
            if (status !== 200 && step === "retrieve") failures.push(`${id} answered ${status}`);
        }
    }

    async expect(status, id, parameters) {
        const answer = await this.call(id, parameters);
        if (answer.status !== status) {
            throw new Error(`${id} answered ${answer.status}, not ${status}: ${short(String(answer.data))}`);
        }
        return answer.data;
    }

    // Creates, changes and finds an object, and returns what deletes it.
    async write(viewset, body, change, keys) {
        const of = (step) => lower(this.operations.get(`${viewset}_${step}`).body);
        const created = await this.expect(201, `${viewset}_create`, { [of("create")]: body });
        const key = this.key(viewset, created);
        keys[viewset] = created.pk;
        await this.readObject(viewset, created);
        await this.expect(200, `${viewset}_partial_update`, { ...key, [of("partial_update")]: change });
        const changed = await this.expect(200, `${viewset}_retrieve`, key);
        for (const [name, value] of Object.entries(change)) {
            if (changed[name] !== value) failures.push(`${viewset}_partial_update did not change ${name}`);
        }
        const { results } = await this.expect(200, `${viewset}_list`, { pageSize: 1000 });
        if (!results.some((item) => item.pk === created.pk)) failures.push(`${viewset}_list does not show what was created`);
        for (const step of ["create", "patch", "found"]) note(viewset, step);
        return async () => {
            await this.expect(204, `${viewset}_destroy`, key);
            await this.expect(404, `${viewset}_retrieve`, key);
            for (const step of ["destroy", "gone"]) note(viewset, step);
        };
    }
}

async function main(root, token) {
    await fetch(`${root}/-/reset`, { method: "POST" });
    const walk = new Walk(root, token, await (await fetch(`${root}/-/openapi.json`)).json());
    const lists = [...walk.operations].filter(([id, { required }]) => id.endsWith("_list") && required.length === 0);
    for (const [id] of lists) await walk.read(id.slice(0, -"_list".length));
    const keys = {};
    const cleanups = [];
    try {
        for (const [viewset, body, change] of CREATIONS) {
            const value = typeof body === "function" ? body(keys) : body;
            cleanups.unshift(await walk.write(viewset, value, change, keys));
        }
        for (const cleanup of cleanups) await cleanup();
    } catch (error) {
        failures.push(error.message);
    }
    for (const [name, steps] of rows) console.log(name.padEnd(46), [...steps].join(" "));
    const count = `${called.size} of ${walk.operations.size} operations, ${cleanups.length} viewsets written`;
    console.log(`\n${lists.length} lists, ${count}`);
    for (const failure of failures) console.error(`error: ${failure}`);
    process.exitCode = failures.length === 0 ? 0 : 1;
}

main(...process.argv.slice(2));
