// Signed tokens (JSON Web Token, HS256): who may publish, and until when.
import { createHmac, timingSafeEqual } from "node:crypto";

export type Use = "access" | "refresh";
type Claims = { sub: string; use: Use; iat: number; exp: number };

const header = encode({ alg: "HS256", typ: "JWT" });

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(text: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(text).digest();
}

/** A token for `subject` that lasts `seconds`. */
export function issue(subject: string, use: Use, seconds: number, secret: string, now = Date.now()): string {
  const iat = Math.floor(now / 1000);
  const text = `${header}.${encode({ sub: subject, use, iat, exp: iat + seconds } satisfies Claims)}`;
  return `${text}.${sign(text, secret).toString("base64url")}`;
}

/** The subject of a token that we signed for this use and that has not expired. */
export function verify(token: string, use: Use, secret: string, now = Date.now()): string | undefined {
  const [head, body, signature, ...rest] = token.split(".");
  if (head !== header || !body || !signature || rest.length > 0) return undefined;
  const given = Buffer.from(signature, "base64url");
  const expected = sign(`${head}.${body}`, secret);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
  return claims.use === use && claims.exp * 1000 > now ? claims.sub : undefined;
}
