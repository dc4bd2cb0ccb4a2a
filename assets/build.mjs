// Four self-contained bundles with stable names (Django adds the hashes), the icon sprite and the map.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url)); // a path with spaces or ideographs is not its URL
const dist = `${here}dist/`;

async function bundle(name) {
  await build({
    configFile: false,
    root: here,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: "dist",
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2021",
      cssTarget: ["chrome94", "firefox95", "safari15"], // office browsers lag: colours get plain fallbacks
      cssMinify: true,
      chunkSizeWarningLimit: 900,
      rolldownOptions: { checks: { pluginTimings: false } },
      lib: {
        entry: `src/${name}.js`,
        formats: ["iife"],
        name: `duikou_${name}`,
        fileName: () => `${name}.js`,
        cssFileName: name,
      },
    },
  });
}

function sprite() {
  const names = readFileSync("generated/icons.txt", "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const file = `node_modules/@tabler/icons/icons/outline/${name}.svg`;
    if (!existsSync(file)) {
      console.warn(`icon "${name}" is not in @tabler/icons; an empty square stands in`);
      return `<symbol id="${name}" viewBox="0 0 24 24"><rect x="5" y="5" width="14" height="14" rx="2"/></symbol>`;
    }
    const inner = readFileSync(file, "utf8")
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/<svg[^>]*>|<\/svg>/g, "")
      .replace(/<path stroke="none"[^>]*\/>/g, "")
      .replace(/\s+/g, " ")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  writeFileSync(`${dist}icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

mkdirSync(dist, { recursive: true });
await bundle("app");
await bundle("charts");
await bundle("editor");
await bundle("gantt");
sprite();
cpSync("generated/map.json", `${dist}map.json`);
for (const name of ["logo.svg", "favicon.svg"]) cpSync(`src/${name}`, `${dist}${name}`);
