// Tests that change the same objects side by side, and do not see each other.

import { describe, expect } from "vitest";
import { test } from "./authentik.mjs";

describe.concurrent("groups", () => {
    for (const attempt of [1, 2, 3]) {
        test(`a group is made once (${attempt})`, async ({ authentik }) => {
            expect((await authentik.ask("POST", "/core/groups/", { name: "crew" })).status).toBe(201);
            const { body } = await authentik.ask("GET", "/core/groups/?name=crew");
            expect(body.pagination.count).toBe(1);
        });
    }

    test("a list fails once when it is told to, for this test alone", async ({ authentik }) => {
        await authentik.fault({ operation: "core_groups_list", status: 503 });
        expect((await authentik.ask("GET", "/core/groups/")).status).toBe(503);
        expect((await authentik.ask("GET", "/core/groups/")).status).toBe(200);
        const statuses = (await authentik.requests()).map((request) => request.status);
        expect(statuses).toEqual([503, 200]);
    });
});
