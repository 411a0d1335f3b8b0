// Builds ../template/static/kit-page.js and kit-page.css. The same sources and lock file give the
// same bytes on every machine; `--check` builds aside and fails when the committed files differ.
import { build } from "esbuild";
import { mkdtemp, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "template", "static");
const outputs = ["kit-page.js", "kit-page.css", "LICENSES.txt"];

// npm's anywidget is an AMD file for RequireJS: `define(["@jupyter-widgets/base"], factory)`.
// Its last statement becomes an ES export, and the factory is then called in src/anywidget.ts.
const anywidgetAsModule = {
  name: "anywidget-as-module",
  setup(bundle) {
    bundle.onLoad({ filter: /node_modules[\\/]anywidget[\\/]dist[\\/]index\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const ending = /define\(\["@jupyter-widgets\/base"\], (\w+)\);\s*$/;
      if (!ending.test(text)) throw new Error(`${file} does not end as expected; see build.mjs`);
      return { contents: text.replace(ending, "export default $1;\n"), loader: "js" };
    });
  },
};

function options(folder) {
  return {
    absWorkingDir: here,
    entryPoints: { "kit-page": "src/page.ts" },
    outdir: folder,
    bundle: true,
    minify: true,
    metafile: true,
    format: "iife",
    target: ["es2020", "chrome90", "firefox90", "safari15"],
    charset: "utf8",
    legalComments: "none", // LICENSES.txt stands beside the file
    alias: {
      // 230 kB of parsers for the one-line labels of core widgets: src/sanitize.ts asks the browser's own.
      "sanitize-html": "./src/sanitize.ts",
      // Without the effects and the network code of jQuery, which no widget here calls.
      jquery: "jquery/dist/jquery.slim.js",
    },
    loader: { ".svg": "dataurl" },
    plugins: [anywidgetAsModule],
    logLevel: "warning",
  };
}

function packageOf(input) {
  const found = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found?.[1];
}

async function licenceOf(name) {
  const folder = path.join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  for (const file of ["LICENSE", "LICENSE.txt", "LICENSE.md", "license", "LICENCE"]) {
    const text = await readFile(path.join(folder, file), "utf8").catch(() => undefined);
    const line = text?.split(/\r?\n/).find((each) => /^\s*copyright\s/i.test(each));
    if (line) return { name, version, license, copyright: line.trim() };
  }
  const copyright = holders[name.split("/")[0]];
  if (!copyright) throw new Error(`${name}: no copyright line found`);
  return { name, version, license, copyright };
}

// Published without their licence files; the lines stand in their sources.
const holders = {
  "@jupyter-widgets": "Copyright (c) Jupyter Development Team",
  "@jupyterlab": "Copyright (c) Jupyter Development Team",
  "@lumino": "Copyright (c) Jupyter Development Team; Copyright (c) 2014-2017, PhosphorJS Contributors",
};
// Already inside npm's anywidget.
const inlined = ["@lukeed/uuid", "solid-js"];

async function licences(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: used }) =>
    Object.entries(used).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file));
  const names = [...new Set([...inputs.map(packageOf).filter(Boolean), ...inlined])].sort();
  const found = await Promise.all(names.map(licenceOf));
  const lines = found.map(({ name, version, license, copyright }) =>
    `${name} ${inlined.includes(name) ? "inside anywidget" : version}  (${license})\n    ${copyright}`);
  const head = await readFile(path.join(here, "licences-head.txt"), "utf8");
  const texts = await readFile(path.join(here, "licences-texts.txt"), "utf8");
  return `${head}\n${lines.join("\n")}\n\n${texts}`;
}

async function buildInto(folder) {
  await mkdir(folder, { recursive: true });
  const { metafile } = await build(options(folder));
  await writeFile(path.join(folder, "LICENSES.txt"), await licences(metafile));
}

async function sizes(folder) {
  for (const name of outputs) {
    const bytes = await readFile(path.join(folder, name));
    console.log(`${name}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
  }
}

async function check() {
  const folder = await mkdtemp(path.join(tmpdir(), "kit-page-"));
  try {
    await buildInto(folder);
    for (const name of outputs) {
      const [fresh, committed] = await Promise.all([folder, target].map((each) => readFile(path.join(each, name))));
      if (!fresh.equals(committed)) throw new Error(`${name} is not what the sources build: run "npm run build"`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv.includes("--check")) {
  await check();
} else {
  await buildInto(target);
  await sizes(target);
}
