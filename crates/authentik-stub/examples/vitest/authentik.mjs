// A `test` whose functions are given an authentik that no other test changes.

import { randomUUID } from "node:crypto";
import { test as base, inject } from "vitest";

export const test = base.extend({
    authentik: async ({}, use) => {
        const world = `test-${randomUUID()}`;
        const url = inject("authentikUrl");
        // The token names the world, so that a client needs no header beside.
        const token = `world~${world}~${inject("authentikToken")}`;
        const control = url.replace("/api/v3", "/-");
        const send = (address, method, body, headers) =>
            fetch(address, { method, headers, body: body && JSON.stringify(body) });
        await use({
            url,
            token,
            /** Asks for an operation; returns the status and the JSON of the response. */
            ask: async (method, path, body) => {
                const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
                const response = await send(url + path, method, body, headers);
                const isJson = response.headers.get("content-type")?.startsWith("application/json");
                return { status: response.status, body: isJson ? await response.json() : null };
            },
            /** Plans a fault that only this test meets. */
            fault: (fault) => send(`${control}/faults`, "POST", { ...fault, when: { ...fault.when, world } }),
            /** Returns what this test has asked for. */
            requests: async () => (await send(`${control}/requests?world=${world}`, "GET")).json(),
        });
        await send(`${control}/worlds/${world}`, "DELETE");
    },
});
