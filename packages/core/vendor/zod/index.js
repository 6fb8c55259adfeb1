// A part of zod 4.6.7, see LICENSE. Written by scripts/vendor-zod.mjs.
export * as core from "./v4/core/index.js";
export * from "./v4/classic/schemas.js";
export * as iso from "./v4/classic/iso.js";
