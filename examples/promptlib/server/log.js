// One JSON object a line on standard output: what rotates and collects logs is not the program's business.
const LEVELS = ["error", "warn", "info", "debug"];

export function logger(level, write = (line) => process.stdout.write(line)) {
  const most = LEVELS.indexOf(level);
  const at = (name) => (message, fields = {}) => {
    if (LEVELS.indexOf(name) > most) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level: name, message, ...fields })}\n`);
  };
  return Object.fromEntries(LEVELS.map((name) => [name, at(name)]));
}
