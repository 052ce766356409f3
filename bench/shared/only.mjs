// Which of the contenders are measured: those of `--only a,b`, or all.
export function chosen(given, all) {
  const only = given?.split(',') ?? all;
  const unknown = only.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Error(`unknown contender ${unknown.join(', ')}; there are ${all.join(', ')}`);
  return only;
}
