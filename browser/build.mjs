// Makes tatap/static/dist/ out of browser/: minified, no registry or network needed, sizes as a phone pays them.
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, watch } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

const OUT = "tatap/static/dist";
const ENTRIES = [
  ["browser/style/main.css", "main.css"],
  ["browser/style/room.css", "room.css"],
  ["browser/style/neutral.css", "neutral.css"],
  ["browser/neutral/main.ts", "neutral.js"],
  ["browser/page/main.ts", "page.js"],
  ["browser/call/main.ts", "room.js"],
  ["browser/call/spoken.ts", "spoken.js"],
  ["browser/call/filters.ts", "filters.js"],
  ["browser/call/media/noise/worklet.ts", "filters/noise-worklet.js"],
  ["browser/call/files.ts", "files.js"],
  ["browser/call/board.ts", "board.js"],
  ["browser/check/main.ts", "check.js"],
  ["browser/offline/main.ts", "offline.js"],
  ["browser/offline/worker.ts", "worker.js"],
];
// Taken as they are from their packages; fetched only by who switches them on.
const COPIES = {
  "@sapphi-red/web-noise-suppressor/dist": ["rnnoise.wasm", "rnnoise_simd.wasm"],
  "@mediapipe/selfie_segmentation": [
    "selfie_segmentation.js",
    "selfie_segmentation.binarypb",
    "selfie_segmentation.tflite",
    "selfie_segmentation_solution_simd_wasm_bin.js",
    "selfie_segmentation_solution_simd_wasm_bin.wasm",
  ],
};
const KIB = 1024;
const LIMIT = { together: ["room.js", "room.css"], gz: 60 * KIB };

async function make([from, to]) {
  if (!existsSync(from)) throw new Error(`${from} is missing, so ${to} cannot be made`);
  await build({
    entryPoints: [from],
    outfile: `${OUT}/${to}`,
    bundle: true,
    minify: true,
    target: "es2020",
    format: to.endsWith(".js") ? "esm" : undefined,
    external: ["/static/*", "*.woff2", "*.svg"], // addresses that the server answers
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
  return [to, gzipSync(readFileSync(`${OUT}/${to}`), { level: 9 }).length];
}

function copy() {
  mkdirSync(`${OUT}/filters`, { recursive: true });
  for (const [from, names] of Object.entries(COPIES)) {
    for (const name of names) {
      if (!existsSync(`node_modules/${from}/${name}`)) throw new Error(`node_modules/${from}/${name} is missing: run npm ci`);
      copyFileSync(`node_modules/${from}/${name}`, `${OUT}/filters/${name}`);
    }
  }
}

async function all() {
  mkdirSync(OUT, { recursive: true });
  copy();
  const results = await Promise.allSettled(ENTRIES.map(make));
  const sizes = new Map();
  let failed = false;
  for (const result of results) {
    if (result.status === "rejected") {
      failed = true;
      console.error(`error: ${result.reason.message}`);
      continue;
    }
    sizes.set(...result.value);
    console.log(`${basename(result.value[0]).padEnd(10)} ${(result.value[1] / KIB).toFixed(1).padStart(6)} kB gz`);
  }
  const together = LIMIT.together.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  if (together > LIMIT.gz) {
    failed = true;
    console.error(`error: ${LIMIT.together.join(" + ")} are ${(together / KIB).toFixed(1)} kB gz, more than ${LIMIT.gz / KIB}`);
  }
  return !failed;
}

const fine = await all();
if (process.argv.includes("--watch")) {
  let timer;
  watch("browser", { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(all, 100);
  });
} else if (!fine) process.exitCode = 1;
