// Bundles every *.test.ts on its own and gives them to node's test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const tests = readdirSync("browser", { recursive: true })
  .map((name) => join("browser", name))
  .filter((name) => name.endsWith(".test.ts"));
const out = mkdtempSync(join(tmpdir(), "tatap-tests-"));
try {
  await build({
    entryPoints: tests,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const made = readdirSync(out, { recursive: true }).map((name) => join(out, name)).filter((name) => name.endsWith(".test.mjs"));
  const ran = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...made], { stdio: "inherit" });
  process.exitCode = ran.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
