// AES-256-GCM for what lies in the database, and signatures for what people hold.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export function seal(key, text) {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

export function open(key, sealed) {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString("utf8");
}

export function sign(key, id) {
  return `${id}.${createHmac("sha256", key).update(id).digest("base64url")}`;
}

export function verify(key, token) {
  const id = token.split(".")[0];
  const [given, expected] = [Buffer.from(token), Buffer.from(sign(key, id))];
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : undefined;
}
