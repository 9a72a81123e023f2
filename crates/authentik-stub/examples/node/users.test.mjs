// Tests of what automates authentik, with nothing but Node: one stub for all of them, and for each a world of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

let program, url, token;

before(async () => {
    program = spawn(process.env.AUTHENTIK_STUB ?? "authentik-stub", ["--listen", "127.0.0.1:0"]);
    for await (const line of createInterface({ input: program.stdout })) {
        const [, name, value] = line.match(/^\s*(base URL|token|reset)\s+(.*)$/) ?? [];
        if (name === "base URL") url = value;
        if (name === "token") token = value;
        if (name === "reset") break;
    }
});

after(() => program.kill());

/** Returns a function that asks an authentik which no other test changes. */
function authentik() {
    const world = randomUUID();
    return async (method, path, body) => {
        const response = await fetch(url + path, {
            method,
            headers: {
                authorization: `Bearer ${token}`,
                "content-type": "application/json",
                "x-stub-world": world,
            },
            body: body && JSON.stringify(body),
        });
        const isJson = response.headers.get("content-type")?.startsWith("application/json");
        return { status: response.status, body: isJson ? await response.json() : null };
    };
}

for (const attempt of [1, 2, 3]) {
    test(`a group is made once (${attempt})`, async () => {
        const ask = authentik();
        assert.equal((await ask("POST", "/core/groups/", { name: "crew" })).status, 201);
        const { body } = await ask("GET", "/core/groups/?name=crew");
        assert.equal(body.pagination.count, 1);
    });
}

test("a list fails once when it is told to", async () => {
    const ask = authentik();
    const faults = url.replace("/api/v3", "/-/faults");
    await fetch(faults, { method: "POST", body: JSON.stringify({ operation: "rbac_roles_list", status: 503 }) });
    assert.equal((await ask("GET", "/rbac/roles/")).status, 503);
    assert.equal((await ask("GET", "/rbac/roles/")).status, 200);
});
