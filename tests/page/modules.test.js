// The modules of the page at /-/ without a browser and without a server: what they make of their input.
//
//     node --test tests/page/modules.test.js
"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const path = require("node:path");
const { describe, test } = require("node:test");
const { pathToFileURL } = require("node:url");

const MODULES = path.join(__dirname, "../../crates/openapi-control/page");

/** Loads a module of the page. */
function load(name) {
    return import(pathToFileURL(path.join(MODULES, name)));
}

describe("the modules of the page", () => {
    test("a shell takes each word of the command as it is", async () => {
        const { curl } = await load("request.js");
        const hostile = "GET; echo 'broken' $(echo out) `echo loose`";
        const url = `http://127.0.0.1/a?b=${hostile}`;
        const headers = [["X-Name", hostile]];
        const cookies = [["c", hostile]];
        const command = curl({ method: hostile, url, headers, cookies, body: hostile });
        const words = execFileSync("sh", ["-c", `curl() { printf '%s\\n' "$@"; }; ${command}`], { encoding: "utf8" });
        const expected = ["-X", hostile, "-H", `X-Name: ${hostile}`, "-b", `c=${hostile}`, "--data-raw", hostile, url];
        assert.deepEqual(words.trimEnd().split("\n"), expected);
    });

    test("the API without a base path is at the root, and not below the page", async () => {
        const { baseUrl, session } = await load("control.js");
        globalThis.document = { baseURI: "http://127.0.0.1:9000/-/" };
        try {
            for (const [base, expected] of [
                ["", "http://127.0.0.1:9000"],
                ["/", "http://127.0.0.1:9000"],
                ["/api/v3", "http://127.0.0.1:9000/api/v3"],
            ]) {
                session.about.base_path = base;
                assert.equal(baseUrl(), expected);
            }
        } finally {
            delete globalThis.document;
        }
    });

    test("a text of a sample is as long as its schema asks", async () => {
        const { sample } = await load("sample.js");
        const api = { resolve: (value) => ({ value }) };
        for (const [bounds, length] of [
            [{}, 6],
            [{ minLength: 8 }, 8],
            [{ maxLength: 3 }, 3],
            [{ minLength: 8, maxLength: 9 }, 8],
        ]) {
            assert.equal(sample(api, { type: "string", ...bounds }, true).length, length, JSON.stringify(bounds));
        }
    });
});
