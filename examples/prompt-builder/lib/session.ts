// Tokens that say who somebody is, signed with NEXTAUTH_SECRET.
import { createHmac, timingSafeEqual } from "node:crypto";

function signature(name: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(name).digest();
}

export function sign(name: string, secret: string): string {
  return `${encodeURIComponent(name)}.${signature(name, secret).toString("base64url")}`;
}

/** The name in a token; nothing when somebody else signed it. */
export function verify(token: string, secret: string): string | undefined {
  const end = token.lastIndexOf(".");
  if (end < 1) return undefined;
  const name = decodeURIComponent(token.slice(0, end));
  const expected = signature(name, secret);
  const found = Buffer.from(token.slice(end + 1), "base64url");
  return found.length === expected.length && timingSafeEqual(found, expected) ? name : undefined;
}
