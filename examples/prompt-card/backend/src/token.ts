// Tokens of people who may change cards: JSON web tokens with HMAC-SHA256, and no other algorithm.
import { createHmac, timingSafeEqual } from "node:crypto";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const sign = (text: string, secret: string) => createHmac("sha256", secret).update(text).digest();

export function createToken(name: string, seconds: number, secret: string, now = Date.now()): string {
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ sub: name, exp: Math.floor(now / 1000) + seconds })}`;
  return `${text}.${sign(text, secret).toString("base64url")}`;
}

export function isValid(header: string | undefined, secret: string, now = Date.now()): boolean {
  const [scheme, token = ""] = (header ?? "").split(" ");
  const [head, body, mark, ...rest] = token.split(".");
  if (scheme !== "Bearer" || !secret || !head || !body || !mark || rest.length > 0) return false;
  const expected = sign(`${head}.${body}`, secret);
  const found = Buffer.from(mark, "base64url");
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return false;
  try {
    const { alg } = JSON.parse(Buffer.from(head, "base64url").toString()) as { alg?: unknown };
    const { exp } = JSON.parse(Buffer.from(body, "base64url").toString()) as { exp?: unknown };
    return alg === "HS256" && typeof exp === "number" && exp * 1000 > now;
  } catch {
    return false;
  }
}
