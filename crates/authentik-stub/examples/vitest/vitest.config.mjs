// Vitest with a stub of authentik beside it. `npm install --save-dev vitest` is all that this needs.

import { defineConfig } from "vitest/config";

export default defineConfig({
    test: { globalSetup: "./stub.mjs" },
});
