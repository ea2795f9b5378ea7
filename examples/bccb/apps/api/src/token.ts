// Prints an access token and a refresh token for the name given as the argument; for operators, inside the container.
import { readEnv } from "./env.ts";
import { issue } from "./jwt.ts";

const subject = process.argv[2];
if (!subject) {
  console.error("usage: token NAME");
  process.exit(2);
}
const env = readEnv(process.env);
const access = issue(subject, "access", env.jwtExpiresIn, env.jwtSecret);
const refresh = issue(subject, "refresh", env.refreshTokenExpiresIn, env.jwtSecret);
console.log(JSON.stringify({ access, refresh }));
