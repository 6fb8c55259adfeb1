// A part of zod 4.6.7, see LICENSE. Written by scripts/vendor-zod.mjs.
export { default as en } from "./en.js";
