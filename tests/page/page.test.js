// The page at /-/ in a browser: what people do with it, what a hostile document cannot do, and who can use it.
//
//     AUTHENTIK_STUB=… OPENAPI_WORKBENCH=… node --test tests/page/page.test.js
//
// Needs the packages `playwright-core` and `axe-core` on NODE_PATH, and Chromium, at CHROMIUM or /usr/bin/chromium.
"use strict";

const assert = require("node:assert/strict");
const { execFileSync, spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { createInterface } = require("node:readline");
const { after, before, beforeEach, afterEach, describe, test } = require("node:test");
const { chromium } = require("playwright-core");

require("./modules.test.js");

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

const WIDTHS = [320, 768, 1440];

const TOKEN = "sample-admin-token";

let browser;
const programs = [];

/** Starts a program and returns its origin, which it prints. */
async function start(program, ...options) {
    const started = spawn(program, [...options, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    programs.push(started);
    for await (const line of createInterface({ input: started.stdout })) {
        const [origin] = line.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
        if (origin) {
            started.stdout.resume();
            return origin;
        }
    }
    throw new Error(`${program} does not say where it is`);
}

before(async () => {
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: [...FLAGS, ...QUIET] });
});

after(async () => {
    await browser?.close();
    programs.forEach((program) => program.kill());
});

/** Opens the page in a context of its own, and keeps what it must not do. */
async function open(origin, { view = "", width = 1440, colorScheme = "light" } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
    const page = await context.newPage();
    const offences = [];
    page.on("pageerror", (error) => offences.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => offences.push(`dialog: ${dialog.message()}`));
    page.on("console", (message) => {
        // The browser reports answers of 4xx and 5xx, which tests ask for outside of /-/.
        const isAnswer =
            message.text().startsWith("Failed to load resource") && !message.location().url.includes("/-/");
        if (["error", "warning"].includes(message.type()) && !isAnswer) offences.push(message.text());
    });
    page.on("request", (request) => {
        if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) {
            offences.push(`request: ${request.url()}`);
        }
    });
    await page.goto(`${origin}/-/#/${view}`);
    await page.locator("h1").first().waitFor({ state: "attached" });
    return { page, offences, close: () => context.close() };
}

/** Sends a request to the API of the stub. */
async function ask(origin, method, at, { body, world } = {}) {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    if (world) headers["x-stub-world"] = world;
    return fetch(`${origin}/api/v3${at}`, { method, headers, body: body && JSON.stringify(body) });
}

async function control(origin, method, at) {
    return fetch(`${origin}/-/${at}`, { method });
}

describe("what people do", () => {
    let origin;
    let opened;
    let page;

    before(async () => {
        origin = await start(process.env.AUTHENTIK_STUB);
    });

    beforeEach(async () => {
        await control(origin, "POST", "reset");
        opened = await open(origin);
        page = opened.page;
    });

    afterEach(async () => {
        assert.deepEqual(opened.offences, []);
        await opened.close();
    });

    const copied = async (name) => {
        await page.getByRole("button", { name, exact: true }).click();
        await page.getByText("Copied.").waitFor({ state: "attached" });
        return page.evaluate(() => navigator.clipboard.readText());
    };
    const go = (view) => page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).click();

    test("the overview says what runs, and its command works", async () => {
        const text = await page.locator("main").innerText();
        for (const shown of ["authentik 2024.8.3", `${origin}/api/v3`, TOKEN, "861"])
            assert.ok(text.includes(shown), shown);
        const command = await page.locator(".pair code").filter({ hasText: "curl -H" }).innerText();
        const answer = execFileSync("sh", ["-c", `${command} --silent`], { encoding: "utf8" });
        assert.ok(Array.isArray(JSON.parse(answer)));
    });

    test("an operation is found and tried, and the journal has it", async () => {
        await go("Reference");
        await page.getByRole("searchbox").fill("plex create");
        await page.getByRole("link", { name: "POST /sources/plex/", exact: false }).first().click();
        await page.getByRole("heading", { name: "sources_plex_create" }).waitFor();
        const body = { name: "Of the page", slug: "of-the-page", plex_token: "secret", enrollment_flow: null };
        await page.getByRole("textbox", { name: "Body" }).fill(JSON.stringify(body));
        await page.getByRole("button", { name: "Send" }).click();
        await page.locator(".answer .status").filter({ hasText: "201" }).waitFor();
        assert.match(await page.locator(".answer pre").innerText(), /"slug": "of-the-page"/);
        assert.equal((await ask(origin, "GET", "/sources/plex/of-the-page/")).status, 200);
        const command = await copied("Copy as curl");
        const again = execFileSync("sh", ["-c", `${command} --silent`], { encoding: "utf8" });
        assert.match(again, /source with this slug already exists/);

        await go("Journal");
        const row = page.getByRole("row", { name: /POST \/sources\/plex\/ .* 201/ });
        await row.getByRole("button").click();
        const fixture = JSON.parse(await copied("Copy as fixture"));
        assert.equal(fixture.objects["sources/plex"][0].slug, "of-the-page");
        const expectation = JSON.parse(await copied("Copy as expectation"));
        assert.deepEqual([expectation.operation, expectation.status], ["sources_plex_create", 201]);
        assert.deepEqual([expectation.body.slug, "plex_token" in expectation.body], ["of-the-page", false]);
        assert.match(
            execFileSync("sh", ["-c", `${await copied("Copy as curl")} --silent`], { encoding: "utf8" }),
            /already exists/,
        );
        await page.getByRole("button", { name: "Expect this" }).click();
        await page.getByRole("button", { name: "Verify" }).click();
        await page.getByText("It holds: 1 requests.").waitFor();
    });

    test("the journal is live, marked and filtered", async () => {
        await go("Journal");
        await page.getByText("Nothing was asked yet").waitFor();
        await ask(origin, "GET", "/core/groups/");
        await page.getByRole("row", { name: /GET \/core\/groups\/ .* 200/ }).waitFor();
        await ask(origin, "POST", "/core/groups/", { body: {} });
        await page.getByRole("row", { name: /POST \/core\/groups\/ .* 400 refused/ }).waitFor();
        await ask(origin, "GET", "/core/groups/?name=x&nmae=x");
        await page.getByRole("row", { name: /GET \/core\/groups\/.* 200 unknown parameter nmae/ }).waitFor();
        await page.getByLabel("only what is marked").check();
        await page.getByText("2 of 3 requests").waitFor();
        assert.equal(await page.locator("tbody tr").count(), 2);
        await page.getByLabel("only what is marked").uncheck();
        await page.getByLabel("Search").fill("nothing like it");
        await page.getByText("0 of 3 requests").waitFor();
        await page.getByRole("button", { name: "Clear" }).click();
        assert.deepEqual(await (await control(origin, "GET", "requests")).json(), []);
    });

    test("a fault is switched on by keyboard, met, and switched off", async () => {
        await go("Faults");
        await page.getByLabel("Only for the operation").fill("core_groups_list");
        const toggle = page.getByRole("switch", { name: /Unavailable/ });
        await toggle.press(" ");
        await page.getByRole("switch", { name: /Unavailable/, checked: true }).waitFor();
        assert.equal((await ask(origin, "GET", "/core/groups/")).status, 503);
        assert.equal((await ask(origin, "GET", "/core/users/")).status, 200);
        await go("Journal");
        await page.getByRole("row", { name: /GET \/core\/groups\/ .* 503 fault \d+/ }).waitFor();
        await go("Faults");
        await page.getByRole("cell", { name: "core_groups_list" }).waitFor();
        await page.getByRole("button", { name: /Remove fault/ }).click();
        await page.getByText("Nothing goes wrong").waitFor();
        assert.equal((await ask(origin, "GET", "/core/groups/")).status, 200);
        await page.getByRole("spinbutton", { name: "Status" }).fill("418");
        await page.getByRole("textbox", { name: "Body of the answer" }).fill('{"short": true}');
        await page.getByRole("button", { name: "Add the fault" }).click();
        await page.getByRole("cell", { name: /answers 418/ }).waitFor();
        const met = await ask(origin, "GET", "/core/groups/");
        assert.deepEqual([met.status, await met.json()], [418, { short: true }]);
    });

    test("a fault for one request", async () => {
        await page.goto(`${origin}/-/#/reference/operation/core_groups_list`);
        await page.getByLabel("Fault for this request").selectOption("503");
        await page.getByRole("button", { name: "Send" }).click();
        await page.locator(".answer .status").filter({ hasText: "503" }).waitFor();
        assert.equal((await ask(origin, "GET", "/core/groups/")).status, 200);
    });

    test("parameters are sent as the document says", async () => {
        await page.goto(`${origin}/-/#/reference/operation/core_users_list`);
        await page.getByText(/optional parameters/).click();
        await page.getByLabel(/^search/).fill("akadmin & co");
        await page.getByLabel(/^is_active/).selectOption("true");
        await page.getByLabel(/^groups_by_name/).fill("one\ntwo, three");
        await page.getByRole("button", { name: "Send" }).click();
        await page.locator(".answer .status").waitFor();
        const [{ path: sent }] = await (await control(origin, "GET", "requests")).json();
        const query = new URLSearchParams(sent.split("?")[1]);
        assert.deepEqual([query.get("search"), query.get("is_active")], ["akadmin & co", "true"]);
        assert.deepEqual(query.getAll("groups_by_name"), ["one", "two, three"]);
    });

    test("state is filtered and exported", async () => {
        await go("State");
        await page.getByRole("link", { name: /^core\/users / }).click();
        await page.getByLabel("Filter").fill("akadmin");
        await page.getByText(/^1 of \d+ rows$/).waitFor();
        await page.getByRole("button", { name: "Show" }).click();
        assert.match(await page.locator(".detail-row pre").innerText(), /"username": "akadmin"/);
        const saved = async (name) => {
            const [download] = await Promise.all([
                page.waitForEvent("download"),
                page.getByRole("button", { name }).click(),
            ]);
            return readFileSync(await download.path(), "utf8");
        };
        const lines = (await saved("Export CSV")).split("\r\n");
        assert.ok(
            lines.length === 2 && lines[0].includes("username") && lines[1].includes("akadmin"),
            lines.join("\n"),
        );
        assert.deepEqual(
            JSON.parse(await saved("Export JSON")).map((row) => row.username),
            ["akadmin"],
        );
    });

    test("an answer of one's own is copied from the journal, changed, given and removed", async () => {
        await ask(origin, "GET", "/core/groups/");
        await go("Journal");
        await page
            .getByRole("row", { name: /GET \/core\/groups\/ / })
            .getByRole("button")
            .click();
        const answer = JSON.parse(await copied("Copy as answer"));
        answer.body.results = [];
        await go("Answers");
        await page.getByText("The API answers everything itself.").waitFor();
        await page
            .getByRole("textbox", { name: /^Answer/ })
            .fill(JSON.stringify({ ...answer, scenario: "empty", requires: "Started" }));
        await page.getByRole("button", { name: "Add the answer" }).click();
        await page.getByRole("cell", { name: /core_groups_list at \/core\/groups\/ while empty is Started/ }).waitFor();
        assert.deepEqual((await (await ask(origin, "GET", "/core/groups/")).json()).results, []);
        await page.getByLabel("empty").waitFor();
        await page.getByRole("textbox", { name: /^Answer/ }).fill('{"operation": "core_groups_list", "status": 299}');
        await page.getByRole("button", { name: "Add the answer" }).click();
        await page.getByRole("alert").filter({ hasText: "299" }).waitFor();
        assert.match(opened.offences.splice(0).join("\n"), /^Failed to load resource: .* 400 /);
        await page.getByRole("button", { name: /Remove answer/ }).click();
        await page.getByText("The API answers everything itself.").waitFor();
        assert.notDeepEqual((await (await ask(origin, "GET", "/core/groups/")).json()).results, []);
    });

    test("coverage says what was used, and forgets it", async () => {
        await control(origin, "DELETE", "coverage");
        await ask(origin, "GET", "/core/groups/?name=x");
        await go("Coverage");
        const card = page.locator(".card").filter({ has: page.getByRole("heading", { name: "Operations" }) });
        await card.getByText("1 of 861").waitFor();
        await page.getByLabel("Operations", { exact: true }).selectOption("partly");
        await page.getByText("1 operation", { exact: true }).waitFor();
        await page
            .getByRole("row", { name: /core_groups_list 1 1 of \d+/ })
            .locator("summary")
            .click();
        await page.getByText("query is_superuser", { exact: true }).waitFor();
        await page.getByRole("button", { name: "Forget" }).click();
        await card.getByText("0 of 861").waitFor();
    });

    test("a world has rows of its own, which the page shows and resets", async () => {
        await go("Worlds");
        await page.getByLabel("Name").fill("of-the-page");
        await page.getByRole("button", { name: "Make and enter" }).click();
        await page.waitForFunction(() => document.getElementById("world-chooser").value === "of-the-page");
        await ask(origin, "POST", "/core/groups/", { body: { name: "only here" }, world: "of-the-page" });
        await page.goto(`${origin}/-/#/reference/operation/core_groups_list`);
        await page.getByRole("button", { name: "Send" }).click();
        await page.locator(".answer pre").filter({ hasText: "only here" }).waitFor();
        await page.locator("#world-chooser").selectOption("");
        await page.getByRole("button", { name: "Send" }).click();
        await page.locator(".answer pre").waitFor();
        assert.ok(!(await page.locator(".answer pre").innerText()).includes("only here"));
        await control(origin, "DELETE", "worlds/of-the-page");
    });

    test("everything is reached by keyboard", async () => {
        const press = async (key, times = 1) => {
            for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
            return page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.id);
        };
        /** Presses Tab until something has the focus, which shows. */
        const tabTo = async (wanted) => {
            for (let count = 0; count < 60; count += 1) {
                const name = await press("Tab");
                if (wanted.test(name)) {
                    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
                    assert.notEqual(outline, "none", name);
                    return;
                }
            }
            assert.fail(`${wanted} is not reached`);
        };
        assert.equal(await press("Tab"), "Skip to the content");
        await press("Enter");
        assert.equal(await page.evaluate(() => document.activeElement.id), "main");
        await page.evaluate(() => document.activeElement.blur());
        await page.reload();
        await page.locator("h1").waitFor();
        await tabTo(/^Reference$/);
        await press("Enter");
        await page.getByRole("searchbox").waitFor();
        await tabTo(/^search$/);
        await page.keyboard.type("core_groups_list");
        await page.getByText("1 operation", { exact: true }).first().waitFor();
        await tabTo(/core\/groups/);
        await press("Enter");
        const heading = page.getByRole("heading", { level: 1, name: "core_groups_list" });
        await heading.waitFor();
        assert.ok(await heading.evaluate((element) => element === document.activeElement));
        await tabTo(/^Send$/);
        await press("Enter");
        await page.locator(".answer .status").filter({ hasText: "200" }).waitFor();
        assert.match(await page.locator("#announcer").innerText(), /Answer 200/);
    });

    test("every operation and schema is shown, and few of them at once", async () => {
        const { paths, components } = await (await control(origin, "GET", "openapi.json")).json();
        const ids = Object.values(paths).flatMap((item) =>
            Object.values(item).flatMap(({ operationId }) => operationId ?? []),
        );
        assert.equal(ids.length, 861);
        await page.goto(`${origin}/-/#/reference`);
        assert.ok((await page.locator("*").count()) < 500);
        const titles = await page.evaluate(
            async (addresses) => {
                const found = [];
                for (const address of addresses) {
                    location.hash = address;
                    await new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
                    for (const details of document.querySelectorAll(".detail details")) details.open = true;
                    await new Promise((resolve) => setTimeout(resolve));
                    found.push(
                        [...document.querySelectorAll(".detail h1")].map((heading) => heading.textContent).join(),
                    );
                }
                return found;
            },
            [
                ...ids.map((id) => `#/reference/operation/${id}`),
                ...Object.keys(components.schemas).map((name) => `#/reference/schema/${name}`),
            ],
        );
        assert.deepEqual(titles, [...ids, ...Object.keys(components.schemas)]);
    });
});

describe("a hostile document", () => {
    let origin;

    before(async () => {
        origin = await start(process.env.OPENAPI_WORKBENCH, "serve", path.join(__dirname, "hostile.yaml"));
    });

    test("stays text", async () => {
        const key = { "x-key": "k", "content-type": "application/json" };
        const thing = JSON.stringify({ name: "<img src=x onerror=pwned('row')>" });
        await fetch(`${origin}/api/things/`, { method: "POST", headers: key, body: thing });
        await fetch(`${origin}/api/things/?<img src=x onerror=pwned(1)>`, { headers: key });
        const { page, offences, close } = await open(origin);
        const texts = [];
        const look = async () => {
            // Disclosures within disclosures are opened, too, but schemas that contain themselves have no end.
            for (let depth = 0; depth < 4; depth += 1) {
                await page.evaluate(() =>
                    document.querySelectorAll("main details").forEach((details) => (details.open = true)),
                );
                await page.waitForTimeout(50);
            }
            texts.push(await page.locator("body").innerText());
            const made = await page.evaluate(
                () =>
                    document.querySelectorAll(
                        "img, svg, iframe, b, u, style, body script, [onerror], [onload], [onfocus], a[href^=javascript]",
                    ).length,
            );
            assert.equal(made, 0, page.url());
        };
        const ids = ["list<img src=x onerror=pwned('id')>", "createThing", "page"];
        const views = [
            "",
            "reference",
            "journal",
            "state",
            "faults",
            "worlds",
            "coverage",
            "answers",
            "reference/schema/Thing",
            "reference/schema/Loop",
        ];
        for (const view of [...views, ...ids.map((id) => `reference/operation/${encodeURIComponent(id)}`)]) {
            await page.goto(`${origin}/-/#/${view}`);
            await page.waitForTimeout(150);
            await look();
        }
        await page.getByRole("button", { name: "Send" }).click();
        await page.locator(".answer .status").waitFor();
        await look();
        await page.goto(`${origin}/-/#/journal`);
        await page.locator("td button.link").first().waitFor();
        for (const toggle of await page.locator("td button.link").all()) await toggle.click();
        await page.locator(".detail-row").first().waitFor();
        await look();
        await page.goto(`${origin}/-/#/state`);
        await page.locator(".operations a").first().click();
        await page.getByRole("button", { name: "Show" }).first().click();
        await look();
        const text = texts.join("\n");
        for (const part of [
            "title",
            "description",
            "id",
            "parameter",
            "enum",
            "response",
            "schema",
            "example",
            "property",
            "proto",
            "row",
            "answer",
        ]) {
            assert.match(text, new RegExp(`pwned\\('${part}'\\)`), part);
        }
        assert.deepEqual(offences, []);
        await close();
    });
});

describe("the control token", () => {
    test("is asked for, and is nowhere but in the page's memory", async () => {
        const origin = await start(process.env.AUTHENTIK_STUB, "--empty", "--control-token", "of-my-own");
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(`${origin}/-/`);
        await page.getByLabel("Token").fill("another");
        await page.getByRole("button", { name: "Open" }).click();
        await page.getByText("This is not the control token.").waitFor();
        await page.getByLabel("Token").fill("of-my-own");
        await page.getByRole("button", { name: "Open" }).click();
        await page.getByRole("heading", { name: "authentik 2024.8.3" }).waitFor();
        await page.goto(`${origin}/-/#/journal`);
        await page.getByText("Nothing was asked yet").waitFor();
        const kept = await page.evaluate(() =>
            JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
        );
        assert.ok(!kept.includes("of-my-own"), kept);
        await context.close();
    });
});

describe("people who see little, or have little room", () => {
    let origin;

    before(async () => {
        origin = await start(process.env.AUTHENTIK_STUB);
        await ask(origin, "GET", "/core/groups/");
        await ask(origin, "POST", "/core/groups/", { body: {} });
        await fetch(`${origin}/-/faults`, {
            method: "POST",
            body: JSON.stringify({ operation: "core_users_list", status: 503 }),
        });
        await ask(origin, "GET", "/core/users/");
        await ask(origin, "GET", "/core/groups/", { world: "another" });
    });

    const views = {
        overview: "",
        reference: "reference",
        operation: "reference/operation/sources_plex_partial_update",
        "schema of an object": "reference/schema/PlexSource",
        journal: "journal",
        state: "state/core%2Fusers",
        faults: "faults",
        worlds: "worlds",
        coverage: "coverage",
        answers: "answers",
    };

    for (const width of WIDTHS) {
        for (const colorScheme of ["light", "dark"]) {
            test(`find nothing in their way at ${width} px, ${colorScheme}`, async () => {
                const { page, offences, close } = await open(origin, { width, colorScheme });
                await page.evaluate(AXE);
                for (const [name, view] of Object.entries(views)) {
                    await page.goto(`${origin}/-/#/${view}`);
                    await page.waitForTimeout(250);
                    await page.evaluate(() =>
                        document.querySelectorAll("main details").forEach((details) => (details.open = true)),
                    );
                    if (name === "operation") {
                        await page.getByRole("button", { name: "Send" }).click();
                        await page.locator(".answer .status").waitFor();
                    }
                    if (name === "journal") {
                        await page.locator("td button.link").first().click();
                        await page.locator(".detail-row").first().waitFor();
                    }
                    const { violations } = await page.evaluate(() =>
                        window.axe.run(document, { resultTypes: ["violations"] }),
                    );
                    const found = violations
                        .filter(({ impact }) => ["serious", "critical"].includes(impact))
                        .map(
                            ({ id, nodes }) =>
                                `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
                        );
                    assert.deepEqual(found, [], `${name} at ${width} px, ${colorScheme}`);
                    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                    assert.ok(tooWide <= 0, `${name} is ${tooWide} px wider than ${width} px`);
                }
                assert.deepEqual(offences, []);
                await close();
            });
        }
    }
});
