// Compresses what a build wrote with Brotli, a tenth smaller than gzip: web.go serves name.js.br in place of name.js to a browser that
// takes it. Quality 10 takes two seconds for both frontends; 11 gains two hundredths and takes four times as long.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { folderOf } from "./build.mjs";

const compress = promisify(brotliCompress); // in threads, several files at once
const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };

/** Of a file below this size nothing is gained: it is one packet in any case. */
const least = 1000; // bytes

for (const app of ["portal", "id"]) {
  const names = readdirSync(`${folderOf(app)}assets`).filter((name) => /\.(js|css)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const file = `${folderOf(app)}assets/${name}`;
      const text = readFileSync(file);
      if (text.length >= least) writeFileSync(`${file}.br`, await compress(text, { params }));
    }),
  );
}
