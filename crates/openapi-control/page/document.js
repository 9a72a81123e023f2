// Reads the document: its operations, their tags, and what references lead to. Whatever it says is data of a stranger.

// Reads the document: its operations, their tags, and what references lead to. Whatever it says is data of a stranger.

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The number of references that are followed one after the other. */
const MAX_REFERENCES = 16;

export class Api {
    constructor(json) {
        this.json = object(json);
        this.info = object(this.json.info);
        this.schemas = object(object(this.json.components).schemas);
        this.schemes = object(object(this.json.components).securitySchemes);
        this.operations = [...this.#operations()];
        this.byId = new Map(this.operations.map((operation) => [operation.id, operation]));
        this.tags = new Map(list(this.json.tags).map((tag) => [String(object(tag).name), []]));
        for (const operation of this.operations) {
            for (const tag of operation.tags) {
                if (!this.tags.has(tag)) this.tags.set(tag, []);
                this.tags.get(tag).push(operation);
            }
        }
    }

    *#operations() {
        for (const [path, given] of Object.entries(object(this.json.paths))) {
            const item = this.resolve(given).value;
            for (const method of METHODS.filter((name) => Object.hasOwn(item, name))) {
                yield this.#operation(path, method, item, object(item[method]));
            }
        }
    }

    #operation(path, method, item, written) {
        const id = String(written.operationId ?? `${method} ${path}`);
        const tags = list(written.tags).map(String);
        // A parameter of the operation is there instead of the path's with its name.
        const parameters = new Map(
            [...list(item.parameters), ...list(written.parameters)].map((given) => {
                const parameter = this.resolve(given).value;
                return [`${parameter.in} ${parameter.name}`, parameter];
            }),
        );
        const security = list(written.security ?? this.json.security);
        const summary = String(written.summary ?? "");
        const words = [id, method, path, summary, written.description ?? "", ...tags].join("\n").toLowerCase();
        return {
            id,
            path,
            method,
            summary,
            written,
            words,
            security,
            tags: tags.length ? tags : ["other"],
            parameters: [...parameters.values()].filter((parameter) => parameter.name),
        };
    }

    /** Returns what a reference leads to, and the name it leads by. A value that is no reference leads to itself. */
    resolve(value) {
        let name;
        for (let followed = 0; followed < MAX_REFERENCES && typeof object(value).$ref === "string"; followed += 1) {
            name = value.$ref.split("/").pop().replaceAll("~1", "/").replaceAll("~0", "~");
            value = this.#at(value.$ref);
        }
        return { value: object(value), name };
    }

    #at(reference) {
        if (!reference.startsWith("#/")) return {};
        let value = this.json;
        for (const token of reference.slice(2).split("/")) {
            const name = unescaped(token);
            if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return {};
            value = value[name];
        }
        return value;
    }

    /** Returns the operations and schemas with all of these words, those that are named by them first. */
    search(text) {
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        const found = this.operations.filter((operation) => words.every((word) => operation.words.includes(word)));
        const rank = (operation) => {
            const name = `${operation.id} ${operation.path}`.toLowerCase();
            return words.every((word) => name.includes(word)) ? operation.id.length : 10000;
        };
        const ranked = found.map((operation) => [rank(operation), operation]).sort(([one], [other]) => one - other);
        const schemas = Object.keys(this.schemas).filter((name) =>
            words.every((word) => name.toLowerCase().includes(word)),
        );
        return { operations: ranked.map(([, operation]) => operation), schemas };
    }
}

function unescaped(token) {
    try {
        return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
    } catch {
        return token;
    }
}

/** Returns an object of JSON; an empty one if it is anything else. */
export function object(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** Returns a list of JSON; an empty one if it is anything else. */
export function list(value) {
    return Array.isArray(value) ? value : [];
}

/** Returns the extensions that a part of a document has, such as where it comes from. */
export function extensions(part) {
    return Object.entries(object(part)).filter(([name]) => name.startsWith("x-"));
}
