// Builds ../template/static/kit-page.js and what goes with it, and every view's script and every style sheet into a
// folder `built` beside it. The same sources and lock file give the same bytes on every machine; `--check` builds aside
// and fails when the committed files differ.
import { build } from "esbuild";
import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const whole = path.join(here, "..", "..");
const page = path.join("serving", "template", "static");
const door = path.join("serving", "static");
const browsers = ["es2020", "chrome90", "firefox90", "safari15"];

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

// Lumino's widgets are published as one big file, and their sources beside it, a class in each. Taken from there, what
// nobody uses stays out: no file of theirs does anything by being loaded.
const luminoByClass = {
  name: "lumino-by-class",
  setup(bundle) {
    const sources = path.join(here, "node_modules", "@lumino", "widgets", "src");
    bundle.onResolve({ filter: /^@lumino\/widgets$/ }, () => ({ path: path.join(sources, "index.ts"), sideEffects: false }));
    bundle.onResolve({ filter: /^\.\/\w+$/ }, ({ path: name, resolveDir }) =>
      resolveDir === sources ? { path: path.join(sources, `${name}.ts`), sideEffects: false } : undefined);
  },
};

// By a plug-in and not as an alias, which would hold for underscore's own modules too.
const underscoreInPart = {
  name: "underscore-in-part",
  setup(bundle) {
    bundle.onResolve({ filter: /^underscore$/ }, () => ({ path: path.join(here, "src", "underscore.js") }));
  },
};

function options(folder) {
  return {
    absWorkingDir: here,
    entryPoints: { "kit-page": "src/page.ts", "kit-controls": "src/controls.css" },
    outdir: folder,
    bundle: true,
    minify: true,
    metafile: true,
    // What a page shows seldom is a file of its own (kit-controls.js), which it loads when it is wanted. What both need
    // is a third (kit-chunk.js); a second one of those would have the same name, and esbuild says so.
    format: "esm",
    splitting: true,
    chunkNames: "kit-[name]",
    target: browsers,
    charset: "utf8",
    legalComments: "none", // LICENSES.txt stands beside the file
    alias: {
      // 230 kB of parsers for the one-line labels of core widgets: src/sanitize.ts asks the browser's own.
      "sanitize-html": "./src/sanitize.ts",
      // 70 kB of which widgets ask for one element in a box.
      jquery: "./src/jquery.ts",
      // Backbone brings its twin along.
      "lodash/isEqual": "underscore/modules/isEqual.js",
    },
    loader: { ".svg": "dataurl" },
    plugins: [anywidgetAsModule, luminoByClass, underscoreInPart],
    // As Lumino's own build has it: a field that a class only declares again keeps what its parent has set.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
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

/** The exercises' own files of this name, where there are any: relative to the package. */
async function ofExercises(name) {
  const files = (await readdir(path.join(whole, "exercises"))).sort().map((one) => path.join("exercises", one, name));
  const there = await Promise.all(files.map((file) => readFile(path.join(whole, file)).catch(() => null)));
  return files.filter((_, index) => there[index]);
}

function builtOf(source) {
  return path.join(path.dirname(source), "built", path.basename(source));
}

/** Builds each source by itself, into the folder `built` beside it. */
async function buildEach(folder, sources, own = () => ({})) {
  await Promise.all(sources.map((source) => build({
    absWorkingDir: whole,
    entryPoints: [source],
    outfile: path.join(folder, builtOf(source)),
    minify: true,
    target: browsers,
    charset: "utf8",
    logLevel: "warning",
    ...own(source),
  })));
  return sources.map(builtOf);
}

/** The views: each becomes one script. */
async function buildViews(folder) {
  const names = ["alone", "console", "form", "kit", "room", "screen", "send", "welcome"];
  const own = names.map((name) => path.join("views", `${name}.js`));
  // A widget's code is one module; kit.js stands before the code of others, as an object of that name.
  const kind = (source) => (source === path.join("views", "kit.js") ? { format: "iife", globalName: "kit" } : { format: "esm" });
  return buildEach(folder, [...own, ...await ofExercises("view.js")], (source) => ({ bundle: true, ...kind(source) }));
}

/** Style sheets, and the door's scripts, without what only we read. */
async function buildPlain(folder) {
  const own = (await readdir(path.join(whole, door))).filter((name) => /\.(css|js)$/.test(name)).sort().map((name) => path.join(door, name));
  return buildEach(folder, [path.join("views", "kit.css"), ...own, ...await ofExercises("view.css")]);
}

/** Builds everything below `folder`, as it lies in the package; gives the files' paths. */
async function buildInto(folder) {
  const place = path.join(folder, page);
  await mkdir(place, { recursive: true });
  const { metafile } = await build(options(place));
  await writeFile(path.join(place, "LICENSES.txt"), await licences(metafile));
  const made = Object.keys(metafile.outputs).map((name) => path.relative(folder, path.resolve(here, name)));
  return [...made.sort(), path.join(page, "LICENSES.txt"), ...await buildViews(folder), ...await buildPlain(folder)];
}

async function sizes(outputs) {
  for (const name of outputs) {
    const bytes = await readFile(path.join(whole, name));
    console.log(`${name}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
  }
}

async function check() {
  const folder = await mkdtemp(path.join(tmpdir(), "kit-page-"));
  try {
    for (const name of await buildInto(folder)) {
      const [fresh, committed] = await Promise.all([folder, whole].map((each) => readFile(path.join(each, name))));
      if (!fresh.equals(committed)) throw new Error(`${name} is not what the sources build: run "npm run build"`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv.includes("--check")) {
  await check();
} else {
  await sizes(await buildInto(whole));
}
