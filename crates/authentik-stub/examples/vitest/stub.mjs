// Starts one stub before the first test, tells tests where it is, and ends it after the last.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts the program that AUTHENTIK_STUB names. Returns what ends it. */
export default async function setup({ provide }) {
    const program = spawn(process.env.AUTHENTIK_STUB ?? "authentik-stub", ["--listen", "127.0.0.1:0"]);
    for await (const line of createInterface({ input: program.stdout })) {
        const [, name, value] = line.match(/^\s*(base URL|token|reset)\s+(.*)$/) ?? [];
        if (name === "base URL") provide("authentikUrl", value);
        if (name === "token") provide("authentikToken", value);
        if (name === "reset") break;
    }
    return () => program.kill();
}
