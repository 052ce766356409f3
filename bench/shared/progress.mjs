// What a run says while it works: how long it will take, and where it is.

/** One line that the next one overwrites; an empty text clears it. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(100)}${text ? '' : '\r'}`);
}

/** A guess from an earlier run on the machine of RESULTS.md. */
export function tellEstimate(seconds) {
  const said =
    seconds < 90 ? `${Math.ceil(seconds / 10) * 10} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  console.log(`bench: this takes about ${said} on the machine that bench/RESULTS.md names`);
}
